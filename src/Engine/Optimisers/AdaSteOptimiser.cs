using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Optimisers;

/// <summary>
/// AdaSTE's own optimiser, for latent weights: the gradient times its factor and N squared, a decay of the latent weights, momentum with
/// Adam's correction of its bias, and no second moment. Nothing cuts the latent weights. Every other parameter follows the recipe's.
/// </summary>
/// <param name="momentum">Share of the momentum that is kept from step to step; less than 1.</param>
/// <param name="decay">Times the latent weight is added to the gradient.</param>
/// <param name="n">N, which multiplies the gradient twice.</param>
/// <param name="factor">real [9]: the knob of the factor's numbers, by name.</param>
/// <param name="others">The recipe's optimiser.</param>
internal sealed class AdaSteOptimiser(double momentum, double decay, double n, string factor, Optimiser others) : BinaryOptimiser(others)
{
    private const string Momentum = "adaste.momentum", Steps = "adaste.steps", Knob = "adaste", One = "adaste.one";

    public override void SetEpoch(Knobs knobs, EpochRates rates)
    {
        base.SetEpoch(knobs, rates);
        knobs.Set(Knob, rates.LearningRate, momentum, 1 - momentum, decay, n * n);
        knobs.Set(One, 1);
    }

    // Its decay is an argument of the estimator.
    protected override RecipeNumbers BinaryReads => RecipeNumbers.LearningRate | RecipeNumbers.Momentum;

    protected override void RecordBinary(Tape tape)
    {
        var (states, knobs) = (tape.Parameters.States, tape.Parameters.Knobs);
        states.Keep(Momentum, ParameterShare.Binary);
        Tensor steps = states.KeepOne(Steps).Value;
        tape.RecordUpdate(new AdaSteStep(tape.Parameters, Momentum, steps, knobs.Named(One, 1), knobs.Named(factor, AdaSteNumbers.Count),
            knobs.Named(Knob, 5)));
    }
}
