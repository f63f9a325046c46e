using ReSTE.Native.Ops;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Estimators;

/// <summary>
/// BiPer (Vargas et al., CVPR 2024, arXiv 2404.01278) with its published code's constants. Weights are sin(f w) (1): real ones in the first
/// stage, their sign in the second, which passes the gradient on unchanged, so that the slope of the weights is f cos(f w) in both
/// (2, 4). A trained scale multiplies each channel of the result, U(0, 1) at the start (3). Activations are divided by their image's
/// deviation in training, through which the gradient flows (7), before a sign with ApproxSign's slope (4). Each layer adds tau
/// mean(sin(f w)^2) to the loss that is differentiated, not to the one that is reported. The stages have rates and decays of their own (6).
/// </summary>
/// <remarks>
/// The published second stage starts from the first one's best epoch, this one from its last, so that a run needs no file of its own. Both
/// stages convolve real weights with signs: a second stage whose weights are +-1 is exact in that form too.
/// </remarks>
public sealed class BiPer : Estimator
{
    private const string Knob = "sine of weights";

    /// <summary>f, by which weights are multiplied; positive.</summary>
    public double Frequency { get; init => field = Domain.Positive(value, nameof(Frequency)); } = 20;

    /// <summary>The first stage's share of the epochs, between 0 and 1.</summary>
    public double FirstShare { get; init => field = Domain.Fraction(value, nameof(FirstShare)); } = 2.0 / 3;

    /// <summary>The second stage's learning rate, as a factor of the recipe's.</summary>
    public double SecondRate { get; init => field = Domain.Positive(value, nameof(SecondRate)); } = 0.0037 / 0.021;

    /// <summary>The second stage's weight decay, as a factor of the recipe's.</summary>
    public double SecondDecay { get; init => field = Domain.NotNegative(value, nameof(SecondDecay)); } = 0.1;

    /// <summary>tau in the first stage.</summary>
    public double FirstTau { get; init => field = Domain.NotNegative(value, nameof(FirstTau)); } = 0.037;

    /// <summary>tau in the second stage.</summary>
    public double SecondTau { get; init => field = Domain.NotNegative(value, nameof(SecondTau)); } = 0.0468;

    /// <inheritdoc/>
    public override string Name => "BiPer";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.Identity;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.ApproxSign;

    /// <summary>The first stage's weights sin(f w), whose slope the second stage keeps.</summary>
    public override IReadOnlyList<EstimatorCurve> WeightCurves(int epoch, int epochs) =>
        [new("weights", w => Frequency * Math.Cos(Frequency * w)) { Forward = w => Math.Sin(Frequency * w) }];

    internal override string Evaluation =>
        FormattableString.Invariant($"sines of {Frequency} times the weights, or their signs, with a trained scale a channel");

    internal override IReadOnlyList<Stage> Stages =>
        [new(FirstShare), new(1) { RateFactor = SecondRate, DecayFactor = SecondDecay }];

    internal override Variable TransformWeights(Tape tape, string layer, Variable latent) =>
        SineWeights.Record(tape, layer + ".sine", latent, tape.Parameters.Knobs.Named(Knob, 3));

    internal override ConvWeights BinarizeWeights(Tape tape, string layer, Variable weights)
    {
        var shape = new Shape(weights.Shape[0], 1, 1);
        Parameter scale = tape.Parameters.Parameter(layer + ".alpha", PublishedLayout.Same(shape), Initialisation.Unit());
        return new RealWeights(weights, scale.Variable);
    }

    internal override Variable TransformActivations(Tape tape, string layer, Variable x) =>
        tape.Training ? ImageDeviation.Record(tape, layer + ".deviation", x, attached: true) : x;

    internal override void SetEpoch(Knobs knobs, int epoch, int epochs)
    {
        base.SetEpoch(knobs, epoch, epochs);
        bool second = Stage.Of(Stages, epoch, epochs) > 0;
        knobs.Set(Knob, Frequency, second ? 1 : 0, second ? SecondTau : FirstTau);
    }
}
