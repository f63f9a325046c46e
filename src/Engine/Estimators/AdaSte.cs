using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Optimisers;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// AdaSTE (Le, Hoier, Lin, Zach, CVPR 2022, arXiv 2112.02880) after its published code, intellhave/AdaSTE. Weights alone are binary.
/// Training computes with the real weights cut((theta + mu (1 + alpha) sign(theta)) / (1 + mu), -1, 1), evaluation with sign(theta). The
/// gradient at those weights is multiplied by a finite difference of that map, whose step depends on the latent weight and its gradient,
/// and goes into a momentum of its own. mu grows from epoch to epoch: in epoch e it is min(mu0 rate^(e+1), 1/alpha), where the map has
/// become the sign. Fills slots 2, 5 and 6; there is no scale (3) and no pointwise slope (4). Biases of binary
/// layers are latent weights too.
/// </summary>
public sealed class AdaSte : Estimator
{
    private const string MapKnob = "adaste.map", SignKnob = "adaste.sign", FactorKnob = "adaste.factor";

    // Above the dead zone of the published code, so that the rows of the factor all show.
    private const double CurveGradient = 0.01;

    private readonly AdaSteSettings _settings;

    /// <param name="settings">Its numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is outside its domain.</exception>
    public AdaSte(AdaSteSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Require(settings.Mu > 0, settings.Mu, nameof(settings.Mu));
        Require(settings.Rate >= 1, settings.Rate, nameof(settings.Rate));
        Require(settings.Alpha is > 0 and < 1, settings.Alpha, nameof(settings.Alpha));
        Require(settings.DeadZone >= 0, settings.DeadZone, nameof(settings.DeadZone));
        Require(settings.Cap > 0, settings.Cap, nameof(settings.Cap));
        Require(settings.N > 0, settings.N, nameof(settings.N));
        Require(settings.Decay >= 0, settings.Decay, nameof(settings.Decay));
        Require(settings.Momentum is >= 0 and < 1, settings.Momentum, nameof(settings.Momentum));
        _settings = settings;
    }

    /// <inheritdoc/>
    public override string Name => "AdaSTE";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.Identity;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.Identity;

    internal override string Evaluation => "signs, of biases too";

    internal override Initialisation? LatentStart => _settings.LatentSize is { } size ? Initialisation.Signs(size) : null;

    internal override bool BinarizesBiases => true;

    internal override bool NeedsRealActivations => true;

    /// <summary>mu in an epoch (from 0): multiplied once more as each one begins, and never more than 1/alpha.</summary>
    public double MuAt(int epoch)
    {
        double mu = _settings.Mu;
        for (int e = 0; e <= epoch; e++)
            mu = Math.Min(mu * _settings.Rate, 1 / _settings.Alpha);
        return mu;
    }

    /// <summary>The map of training over the latent weight, and the factor of a gradient of either sign and the size 0.01.</summary>
    public override IReadOnlyList<EstimatorCurve> WeightCurves(int epoch, int epochs)
    {
        AdaSteNumbers numbers = NumbersAt(MuAt(epoch));
        EstimatorCurve Under(double g) => new(FormattableString.Invariant($"weights under g = {g}"), theta => numbers.Factor(theta, g))
        {
            Forward = numbers.Map,
            SlopeName = "factor of the gradient",
        };
        return [Under(CurveGradient), Under(-CurveGradient)];
    }

    internal override ConvWeights BinarizeWeights(Tape tape, string layer, Variable weights) => tape.Training
        ? new RealWeights(AdaSteMap.Record(tape, layer + ".mapped", weights, tape.Parameters.Knobs.Named(MapKnob, 2)))
        : Ops.BinarizeWeights.Record(tape, layer, weights, WeightScale.None, attached: false, WeightSlope,
            SlopeOf(tape, WeightSlopeKnob));

    // In evaluation the map of the last mu, which is the sign.
    internal override Variable BinarizeBias(Tape tape, string name, Variable latent) =>
        AdaSteMap.Record(tape, name + ".mapped", latent, tape.Parameters.Knobs.Named(tape.Training ? MapKnob : SignKnob, 2));

    // The published schedule moves on before it trains.
    internal override IReadOnlyList<Stage> Stages { get; } = [new(1) { Lead = 1 }];

    internal override Optimiser OwnOptimiser(Optimiser recipes) =>
        new AdaSteOptimiser(_settings.Momentum, _settings.Decay, _settings.N, FactorKnob, recipes);

    internal override void SetEpoch(Knobs knobs, int epoch, int epochs)
    {
        base.SetEpoch(knobs, epoch, epochs);
        SetMu(knobs, MuAt(epoch));
    }

    /// <summary>Sets the numbers of one mu.</summary>
    internal void SetMu(Knobs knobs, double mu)
    {
        AdaSteNumbers numbers = NumbersAt(mu);
        knobs.Set(MapKnob, numbers.ToMap());
        knobs.Set(FactorKnob, numbers.ToFactor());
        knobs.Set(SignKnob, NumbersAt(1 / _settings.Alpha).ToMap());
    }

    /// <summary>Map and factor at one mu.</summary>
    internal AdaSteNumbers NumbersAt(double mu) => new(mu, _settings.Alpha, _settings.DeadZone, _settings.Cap, _settings.Slips);

    private static void Require(bool fits, double value, string name)
    {
        if (!fits || !double.IsFinite(value))
            throw new ArgumentOutOfRangeException(name, value, "it is outside its domain");
    }
}
