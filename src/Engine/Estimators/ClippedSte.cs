using ReSTE.Native.Slopes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// Straight-through estimator with clipping (Courbariaux et al., BinaryNet, arXiv 1602.02830, eq. 4): slope 1 on |x| &lt;= 1, else 0,
/// which is what the published trainer's <c>--estimator STE</c> means to do. Fills slots 3 (mean |w| of the layer, attached) and 4.
/// </summary>
public sealed class ClippedSte : Estimator
{
    /// <inheritdoc/>
    public override string Name => "STE";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.Clipped;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.Clipped;
}
