using ReSTE.Native.Slopes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// ApproxSign (Liu et al., Bi-Real Net, ECCV 2018, arXiv 1808.00278): activations pass 2 - 2 |x| on |x| &lt;= 1. The method has no such
/// slope for weights: they pass 1 on |w| &lt;= 1, as in its published code, or, where that is asked for, the activations' slope. Its one
/// scale a channel is not taken over: fills slots 3 (mean |w| of the layer, attached) and 4.
/// </summary>
/// <param name="approximateWeights">Whether weights have the slope of activations.</param>
public sealed class ApproxSign(bool approximateWeights = false) : Estimator
{
    /// <inheritdoc/>
    public override string Name => "ApproxSign";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => approximateWeights ? SlopeKind.ApproxSign : SlopeKind.Clipped;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.ApproxSign;
}
