using ReSTE.Native.Ops;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Estimators;

/// <summary>
/// XNOR-Net (Rastegari et al., ECCV 2016, arXiv 1603.05279) as its published code trains it: before each step the latent weights are
/// centred over the input channels and cut to [-1, 1] (1); a filter's scale is the mean of its |w|, attached (3):
/// dw = scale g 1[|w| &lt;= 1] + sign(w) sum(g sign(w)) / n, the gradient of the paper's section 3.1 with the sum that the
/// paper's formula leaves out; then times n (1 - 1 / inputs), n the weights of a filter (5). Activations: clipped straight-through (4).
/// The paper's scale of the inputs is left out, as in the published code.
/// </summary>
public sealed class Xnor : Estimator
{
    /// <inheritdoc/>
    public override string Name => "XNOR";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.Clipped;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.Clipped;

    internal override string Evaluation => "signs of centred weights times a scale a filter";

    internal override Variable TransformWeights(Tape tape, string layer, Variable latent) =>
        CentreWeights.Record(tape, layer + ".centred", latent);

    internal override ConvWeights BinarizeWeights(Tape tape, string layer, Variable weights) => Ops.BinarizeWeights.Record(
        tape, layer, weights, WeightScale.Channel, attached: true, WeightSlope, SlopeOf(tape, WeightSlopeKnob));

    internal override void ModifyGradients(Tape tape)
    {
        Knobs knobs = tape.Parameters.Knobs;
        foreach (Parameter latent in tape.Parameters.Parameters.Where(p => p.IsBinary))
        {
            Shape shape = latent.Value.Shape;
            int inputs = shape.Last;
            double filter = shape.Count / shape[0], factor = filter * (1 - 1.0 / inputs);
            string name = FormattableString.Invariant($"gradient factor of filters of {filter} weights from {inputs} channels");
            Tensor factors = knobs.Named(name, inputs);
            knobs.Set(name, [.. Enumerable.Repeat(factor, inputs)]);
            tape.RecordUpdate(new ScaleGradient(latent, factors));
        }
    }
}
