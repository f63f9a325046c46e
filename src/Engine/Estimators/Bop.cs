using ReSTE.Native.Ops;
using ReSTE.Native.Optimisers;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// Bop (Helwegen et al., Latent Weights Do Not Exist, NeurIPS 2019, arXiv 1906.02107, algorithm 1): the weights of binary layers are -1
/// or +1 and have no latent value. With m = (1 - gamma) m + gamma g over the steps, a weight is turned over where w m &gt; threshold; the
/// first update makes initial values their signs. No scale (3), the gradient of a weight is that of its sign (4), clipped straight-
/// through for activations (4), and an optimiser of its own (6); every other parameter follows the recipe's, usually Adam.
/// </summary>
/// <param name="gamma">Share of each gradient in its mean: above 0 and at most 1.</param>
/// <param name="threshold">What w m must exceed; positive.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
public sealed class Bop(double gamma = 1e-4, double threshold = 1e-8) : Estimator
{
    private readonly double _gamma = gamma is > 0 and <= 1 ? gamma
        : throw new ArgumentOutOfRangeException(nameof(gamma), gamma, "it must be above 0 and at most 1");

    private readonly double _threshold = threshold > 0 && double.IsFinite(threshold) ? threshold
        : throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "it must be a positive number");

    /// <inheritdoc/>
    public override string Name => "Bop";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.Identity;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.Clipped;

    internal override string Evaluation => "signs";

    internal override ConvWeights BinarizeWeights(Tape tape, string layer, Variable weights) => Ops.BinarizeWeights.Record(
        tape, layer, weights, WeightScale.None, attached: false, WeightSlope, SlopeOf(tape, WeightSlopeKnob));

    internal override Optimiser OwnOptimiser(Optimiser recipes) => new Optimisers.Bop(_gamma, _threshold, recipes);
}
