using ReSTE.Native.Ops;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// IR-Net (Qin et al., CVPR 2020, arXiv 1909.10788): each filter is standardised before its sign, w' = (w - mean) / deviation without
/// bias and without epsilon, through which the gradient flows (1, eqs. 5 and 6); its scale is the power of 2 nearest to the mean of |w'|,
/// without a gradient (3, eq. 7); the slope of weights and activations is that of k tanh(t x), with t rising from t_min to t_max
/// exponentially and k = max(1 / t, 1) (4, eqs. 10 to 12).
/// </summary>
/// <param name="tMin">t at the start; the published code has 1e-3 for ResNet-20, 0.1 for VGG-small.</param>
/// <param name="tMax">t that is not quite reached.</param>
public sealed class IrNet(double tMin = 1e-3, double tMax = 10) : Estimator
{
    private readonly ErrorDecay _decay = new(tMin, tMax);

    /// <inheritdoc/>
    public override string Name => "IRNet";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.Ede;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.Ede;

    /// <inheritdoc/>
    public override SlopeParameters WeightParameters(int epoch, int epochs) => _decay.At(epoch, epochs);

    internal override string Evaluation => "signs of standardised filters, each times a power of 2";

    internal override Variable TransformWeights(Tape tape, string layer, Variable latent) =>
        StandardiseWeights.Record(tape, layer + ".standardised", latent, epsilon: 0);

    internal override ConvWeights BinarizeWeights(Tape tape, string layer, Variable weights) => Ops.BinarizeWeights.Record(
        tape, layer, weights, WeightScale.PowerOfTwo, attached: false, WeightSlope, SlopeOf(tape, WeightSlopeKnob));
}
