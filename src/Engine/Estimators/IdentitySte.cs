using ReSTE.Native.Ops;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// The plain straight-through estimator: slope 1 everywhere, for weights and activations (Bengio et al., arXiv 1308.3432). With a clip,
/// latent weights are kept in [-clip, clip] after each update, as BinaryConnect does with 1 (Courbariaux et al., arXiv 1511.00363); a
/// weight beyond would go on growing without effect. Fills slots 3 (mean |w| of the layer, attached), 4 and 6.
/// </summary>
/// <param name="clip">What bounds the latent weights; null for nothing.</param>
/// <exception cref="ArgumentOutOfRangeException">clip is not a positive number.</exception>
public sealed class IdentitySte(double? clip = null) : Estimator
{
    private readonly double? _clip = clip is { } bound ? Domain.Positive(bound, nameof(clip)) : null;

    /// <inheritdoc/>
    public override string Name => "IdentitySTE";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.Identity;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.Identity;

    internal override void AfterStep(Tape tape)
    {
        if (_clip is not { } bound)
            return;
        foreach (Parameter latent in tape.Parameters.Parameters.Where(p => p.IsBinary))
            tape.RecordUpdate(new Clamp(latent.Value, (float)bound));
    }
}
