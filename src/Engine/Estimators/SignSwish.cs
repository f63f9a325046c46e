using ReSTE.Native.Slopes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// SignSwish (Darabi et al., BNN+, arXiv 1812.11800): the derivative of 2 s(y) (1 + y (1 - s(y))) - 1 with y = beta x and s the logistic
/// function; below zero beyond |x| = 2.4 / beta. The same beta in every epoch. The regulariser of the weights is left out. Fills slots 3
/// (mean |w| of the layer, attached) and 4, for weights and activations alike.
/// </summary>
/// <param name="beta">How steep; 5 in the published code.</param>
/// <exception cref="ArgumentOutOfRangeException">beta is not a positive number.</exception>
public sealed class SignSwish(double beta = 5) : Estimator
{
    private readonly double _beta = Domain.Positive(beta, nameof(beta));

    /// <inheritdoc/>
    public override string Name => "SignSwish";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.SignSwish;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.SignSwish;

    /// <inheritdoc/>
    public override SlopeParameters WeightParameters(int epoch, int epochs) => new(_beta, 0, 0, 0);
}
