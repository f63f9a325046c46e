using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Optimisers;

/// <summary>
/// Bop for the weights of binary layers, which have no latent value: a weight is turned over where the running mean of its gradient says so
/// beyond a threshold. Neither learning rate nor weight decay has a part in it.
/// </summary>
/// <param name="gamma">Share of each gradient in its mean.</param>
/// <param name="threshold">What sign times mean must exceed.</param>
/// <param name="others">The recipe's optimiser, for every other parameter.</param>
internal sealed class Bop(double gamma, double threshold, Optimiser others) : BinaryOptimiser(others)
{
    private const string Mean = "bop.mean", Knob = "bop";

    public override void SetEpoch(Knobs knobs, EpochRates rates)
    {
        base.SetEpoch(knobs, rates);
        knobs.Set(Knob, 1 - gamma, gamma, threshold);
    }

    protected override RecipeNumbers BinaryReads => RecipeNumbers.None;

    protected override void RecordBinary(Tape tape)
    {
        tape.Parameters.States.Keep(Mean, ParameterShare.Binary);
        tape.RecordUpdate(new BopStep(tape.Parameters, Mean, tape.Parameters.Knobs.Named(Knob, 3)));
    }
}
