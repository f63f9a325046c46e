using ReSTE.Native.Slopes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// ReSTE (Wu et al., ICCV 2023, arXiv 2308.06689, eqs. 6 and 7 of version 2). Stands for f(x) = sign(x)|x|^(1/o): slope
/// |x|^((1-o)/o) / o for m &lt; |x| &lt;= t, the secant m^(1/o) / m for |x| &lt;= m, 0 beyond t. o rises from 1 towards o_end as
/// 1 - cos; t = 1.5, m = 0.1. Fills slots 3 (mean |w| of the layer, attached) and 4, for weights and activations alike.
/// </summary>
/// <param name="oEnd">Where o would be after the last epoch; at least 1.</param>
/// <param name="limit">t: no gradient beyond it.</param>
/// <param name="interval">m: half width of the linear piece around 0.</param>
/// <exception cref="ArgumentOutOfRangeException">oEnd is less than 1, or another is not positive, or one is not finite.</exception>
public sealed class Reste(double oEnd = 3, double limit = 1.5, double interval = 0.1) : Estimator
{
    private readonly double _oEnd = oEnd >= 1 && double.IsFinite(oEnd) ? oEnd
        : throw new ArgumentOutOfRangeException(nameof(oEnd), oEnd, "it must be at least 1");

    private readonly double _limit = Domain.Positive(limit, nameof(limit)), _interval = Domain.Positive(interval, nameof(interval));

    /// <inheritdoc/>
    public override string Name => "ReSTE";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.Reste;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.Reste;

    /// <inheritdoc/>
    public override double Exponent(int epoch, int epochs) => new ExponentSchedule(_oEnd, epochs).Exponent(epoch);

    /// <inheritdoc/>
    public override SlopeParameters WeightParameters(int epoch, int epochs) => Parameters(Exponent(epoch, epochs));

    /// <summary>The slope's parameters for one o.</summary>
    internal SlopeParameters Parameters(double o) => new(o, _limit, _interval, Math.Pow(_interval, 1 / o) / _interval);
}
