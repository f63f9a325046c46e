using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Optimisers;

/// <summary>Adam as torch.optim.Adam, and as AdamW where the decay is decoupled, with their betas 0.9 and 0.999 and epsilon 1e-8.</summary>
/// <param name="weightDecay">Times the weight is added to the gradient; decoupled, times rate and weight is taken off the weight.</param>
/// <param name="decoupled">Whether the decay passes the gradient's means by.</param>
internal sealed class Adam(double weightDecay, bool decoupled) : Optimiser
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;
    private const string Mean = "adam.mean", Square = "adam.square", Steps = "adam.steps", Knob = "adam";

    public override void Record(Tape tape, ParameterShare share)
    {
        OptimiserStates states = tape.Parameters.States;
        states.Keep(Mean, share);
        states.Keep(Square, share);
        AdamStep.Record(tape, share, Mean, Square, states.KeepOne(Steps).Value, tape.Parameters.Knobs.Named(Knob, 6));
    }

    // Its momenta are the betas, which are fixed.
    public override RecipeNumbers Reads(ParameterShare share) => RecipeNumbers.LearningRate | RecipeNumbers.WeightDecay;

    public override void SetEpoch(Knobs knobs, EpochRates rates)
    {
        double decay = weightDecay * rates.DecayFactor;
        knobs.Set(Knob, rates.LearningRate, 1 - Beta1, 1 - Beta2, Epsilon, decoupled ? 0 : decay,
            decoupled ? 1 - rates.LearningRate * decay : 1);
    }
}
