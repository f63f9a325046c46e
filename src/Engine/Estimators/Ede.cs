using ReSTE.Native.Slopes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// The error decay estimator of IR-Net (Qin et al., CVPR 2020, arXiv 1909.10788) without its transform of the weights: the derivative of
/// k tanh(t x), where t rises from t_min to t_max by equal factors, t = t_min (t_max / t_min)^(e/E), and k = max(1/t, 1): first nearly
/// the identity, at last nearly a step. The published code has t_min = 1e-3 for ResNet-20, 1e-1 for VGG-small. Fills slots 3 (mean |w|
/// of the layer, attached) and 4, for weights and activations alike.
/// </summary>
/// <param name="tMin">t in the first epoch.</param>
/// <param name="tMax">Where t would be after the last.</param>
/// <exception cref="ArgumentOutOfRangeException">One of them is not a positive number.</exception>
public sealed class Ede(double tMin = 1e-3, double tMax = 10) : Estimator
{
    private readonly ErrorDecay _decay = new(Domain.Positive(tMin, nameof(tMin)), Domain.Positive(tMax, nameof(tMax)));

    /// <inheritdoc/>
    public override string Name => "EDE";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.Ede;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.Ede;

    /// <inheritdoc/>
    public override SlopeParameters WeightParameters(int epoch, int epochs) => _decay.At(epoch, epochs);
}
