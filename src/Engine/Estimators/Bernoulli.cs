using ReSTE.Native.Ops;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// Stochastic signs with a straight-through gradient (Courbariaux et al., arXiv 1511.00363 and 1602.02830): in training the sign is +1 with
/// the probability p = clip((x + 1) / 2, 0, 1), the hard sigmoid, and the gradient passes to the mean 2 p - 1: slope 1 on |x| &lt;= 1,
/// else 0. Evaluation takes the sign. A draw is a function of seed, epoch, layer, element and the image's place in the epoch, for weights
/// of the step's: threads, devices and resuming change none. Fills slots 2, 3 (mean |w| of the layer, attached) and 4, for weights and
/// activations alike.
/// </summary>
public sealed class Bernoulli : Estimator
{
    /// <inheritdoc/>
    public override string Name => "Bernoulli";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.Clipped;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.Clipped;

    internal override ConvWeights BinarizeWeights(Tape tape, string layer, Variable weights) => Ops.BinarizeWeights.Record(tape, layer,
        weights, WeightScale.Layer, attached: true, WeightSlope, SlopeOf(tape, WeightSlopeKnob),
        drawnLayer: tape.Training ? Number(tape, layer) : null);

    internal override ConvInput BinarizeActivations(Tape tape, string layer, Variable x) => tape.Training
        ? new SignInput(x, BernoulliPack.Record(tape, layer + ".input", x, Number(tape, layer)), ActivationSlope,
            SlopeOf(tape, ActivationSlopeKnob))
        : base.BinarizeActivations(tape, layer, x);

    /// <summary>The place of a layer's latent weights among the parameters, which the network alone decides.</summary>
    private static int Number(Tape tape, string layer)
    {
        IReadOnlyList<Parameter> parameters = tape.Parameters.Parameters;
        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].Name == layer + ".weight")
                return i;
        }

        throw new ArgumentException($"{layer} has no latent weights");
    }
}
