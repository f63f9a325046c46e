using ReSTE.Native.Slopes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// ExSTE, which is found in code only: stands for sign(x) (1 - e^(-o |x|)) / (1 - e^(-o)): slope o e^(-o |x|) / (1 - e^(-o)) on
/// |x| &lt;= t, 0 beyond. o rises from 0.01, where the curve is the identity, as o = 10^(2.8 e/E - 2). Fills slots 3 (mean |w| of the
/// layer, attached) and 4, for weights and activations alike.
/// </summary>
/// <param name="limit">t: no gradient beyond it.</param>
/// <exception cref="ArgumentOutOfRangeException">limit is not a positive number.</exception>
public sealed class ExSte(double limit = 1.5) : Estimator
{
    // 10^-2 and 10^0.8.
    private const double Start = 0.01, End = 6.309573444801933;

    private readonly double _limit = Domain.Positive(limit, nameof(limit));

    /// <inheritdoc/>
    public override string Name => "ExSTE";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.Exste;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.Exste;

    /// <inheritdoc/>
    public override double Exponent(int epoch, int epochs) => GeometricSchedule.At(Start, End, epoch, epochs);

    /// <inheritdoc/>
    public override SlopeParameters WeightParameters(int epoch, int epochs) => new(Exponent(epoch, epochs), _limit, 0, 0);
}
