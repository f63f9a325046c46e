using ReSTE.Native.Slopes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// The training-aware slope of RBNN (Lin et al., Rotated Binary Neural Network, NeurIPS 2020, arXiv 2009.13055) without its rotation of
/// the weights: max(0, k (sqrt(2) t - t^2 |x|)), where t rises from t_min to t_max by equal factors, t = t_min (t_max / t_min)^(e/E).
/// Weights: k = max(1/t, 1). Activations: k = 1 and t no less than 1, as in the published code. Fills slots 3 (mean |w| of the layer,
/// attached) and 4.
/// </summary>
/// <param name="tMin">t in the first epoch.</param>
/// <param name="tMax">Where t would be after the last.</param>
/// <exception cref="ArgumentOutOfRangeException">One of them is not a positive number.</exception>
public sealed class Rbnn(double tMin = 1e-2, double tMax = 10) : Estimator
{
    private readonly ErrorDecay _decay = new(Domain.Positive(tMin, nameof(tMin)), Domain.Positive(tMax, nameof(tMax)));

    /// <inheritdoc/>
    public override string Name => "RBNN";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.Rbnn;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.Rbnn;

    /// <inheritdoc/>
    public override SlopeParameters WeightParameters(int epoch, int epochs) => _decay.At(epoch, epochs);

    /// <inheritdoc/>
    public override SlopeParameters ActivationParameters(int epoch, int epochs) =>
        new(1, Math.Max(_decay.At(epoch, epochs).P1, 1), 0, 0);
}
