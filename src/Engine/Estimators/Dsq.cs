using ReSTE.Native.Slopes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// Differentiable soft quantisation to one bit (Gong et al., ICCV 2019, arXiv 1908.05033) with a fixed alpha: the derivative of
/// s tanh(k x) on |x| &lt;= 1, where k = ln(2 / alpha - 1) / 2 and s = 1 / (1 - alpha), so that the curve ends at 1; the smaller alpha,
/// the nearer to a step. The paper learns alpha from 0.2 on; its ablation holds it there. Fills slots 3 (mean |w| of the layer,
/// attached) and 4, for weights and activations alike.
/// </summary>
/// <param name="alpha">How smooth: between 0, a step, and 1, the identity.</param>
/// <exception cref="ArgumentOutOfRangeException">alpha does not lie between 0 and 1.</exception>
public sealed class Dsq(double alpha = 0.2) : Estimator
{
    private readonly double _alpha = Domain.Fraction(alpha, nameof(alpha));

    /// <inheritdoc/>
    public override string Name => "DSQ";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.Dsq;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.Dsq;

    /// <inheritdoc/>
    public override SlopeParameters WeightParameters(int epoch, int epochs) =>
        new(Math.Log(2 / _alpha - 1) / 2, 1 / (1 - _alpha), 0, 0);
}
