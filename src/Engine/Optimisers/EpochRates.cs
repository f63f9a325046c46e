namespace ReSTE.Native.Optimisers;

/// <summary>What an optimiser is set to in an epoch.</summary>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="DecayFactor">Times the weight decay it was made with.</param>
internal readonly record struct EpochRates(double LearningRate, double DecayFactor = 1);
