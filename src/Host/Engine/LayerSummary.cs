namespace ReSTE.Native.Host;

/// <summary>A layer as `summary` lists it.</summary>
/// <param name="Name">Its name in a checkpoint.</param>
/// <param name="Kind">What it does, e.g. "conv 3x3".</param>
/// <param name="Weight">Shape of its weight in the published order, e.g. "16 x 3 x 3 x 3".</param>
/// <param name="Parameters">Trained numbers in it, biases too.</param>
/// <param name="BinaryWeights">Whether its weights are signs in the forward pass.</param>
/// <param name="BinaryInput">Whether its input is signs in the forward pass.</param>
internal sealed record LayerSummary(string Name, string Kind, string Weight, long Parameters, bool BinaryWeights, bool BinaryInput);
