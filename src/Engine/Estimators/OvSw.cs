using ReSTE.Native.Ops;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// OvSW, overcoming silent weights (Xiang et al., ECCV 2024, arXiv 2407.05257) as its published code trains it. The sign is that of the raw
/// weight, which passes the gradient on unchanged (4); a filter's scale is the mean magnitude of the filter standardised with epsilon 1e-5,
/// without a gradient (3). Activations are divided by their image's deviation in training, as a constant (7), before a sign with
/// ApproxSign's slope (4). After the backward pass a filter's gradient is raised to delta times its weights' norm where it is smaller,
/// and weights whose sign has not changed for long decay (5); their two states are kept with the weights.
/// </summary>
/// <param name="delta">Floor of a filter's gradient over its weights, in norms; the published scripts have 0.04 for CIFAR, 0.01 for
/// ImageNet.</param>
/// <param name="decay">Extra decay of silent weights; 9e-4 for CIFAR, 2e-5 for ImageNet.</param>
/// <param name="momentum">Share of the tracker that is kept from step to step.</param>
/// <param name="threshold">Below which tracker a weight is silent.</param>
/// <exception cref="ArgumentOutOfRangeException">One of them is out of its range.</exception>
public sealed class OvSw(double delta = 0.04, double decay = 9e-4, double momentum = 0.999, double threshold = 1e-4) : Estimator
{
    private const string Knob = "silent weights", WeightSuffix = ".weight";
    private const double Epsilon = 1e-5;

    private readonly double _delta = Domain.Positive(delta, nameof(delta)), _decay = Domain.NotNegative(decay, nameof(decay)),
        _momentum = Domain.Fraction(momentum, nameof(momentum)), _threshold = Domain.NotNegative(threshold, nameof(threshold));

    /// <inheritdoc/>
    public override string Name => "OvSW";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.Identity;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.ApproxSign;

    internal override string Evaluation => "signs times the mean magnitude of each standardised filter";

    internal override ConvWeights BinarizeWeights(Tape tape, string layer, Variable weights)
    {
        // Every tape has them, so that files hold the same tensors whatever they are read for.
        States(tape, tape.Parameters.Parameters.Single(p => p.Variable == weights));
        Variable standardised = StandardiseWeights.Record(tape, layer + ".standardised", weights, Epsilon);
        return Ops.BinarizeWeights.Record(tape, layer, weights, WeightScale.Channel, attached: false, WeightSlope,
            SlopeOf(tape, WeightSlopeKnob), standardised.Value);
    }

    internal override Variable TransformActivations(Tape tape, string layer, Variable x) =>
        tape.Training ? ImageDeviation.Record(tape, layer + ".deviation", x, attached: false) : x;

    internal override void ModifyGradients(Tape tape)
    {
        foreach (Parameter latent in tape.Parameters.Parameters.Where(p => p.IsBinary))
        {
            var (tracker, previous) = States(tape, latent);
            tape.RecordUpdate(new SilentWeights(latent, tracker, previous, tape.Parameters.Knobs.Named(Knob, 5)));
        }
    }

    internal override void SetEpoch(Knobs knobs, int epoch, int epochs)
    {
        base.SetEpoch(knobs, epoch, epochs);
        knobs.Set(Knob, _delta, _decay, _momentum, 1 - _momentum, _threshold);
    }

    private static (StateTensor Tracker, StateTensor Previous) States(Tape tape, Parameter latent)
    {
        string layer = latent.Name.EndsWith(WeightSuffix, StringComparison.Ordinal) ? latent.Name[..^WeightSuffix.Length] : latent.Name;
        StateTensor State(string name) => tape.Parameters.State(layer + name, latent.Layout, Initialisation.Constant(0));
        return (State(".tracker"), State(".weight_prev"));
    }
}
