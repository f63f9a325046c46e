using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Optimisers;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>
/// An estimator that fills every slot and brings an optimiser for its weights, only to show that it can. Weights: times a trained factor an
/// input channel (1), then in one layer signs with an attached scale a channel (2, 3), in the other real (2), both with a trained
/// scale of the result (3). Activations: over the image's deviation, attached in one layer and detached in the other (7), then signs
/// (2). Slopes: clipped for weights, ReSTE's with a schedule for activations (4). Gradients of latent weights: times a knob an input
/// channel (5). After each update a state a weight and a state a layer grow (6).
/// </summary>
internal class EverySlot : Estimator
{
    /// <summary>The layer whose weights are binary; those of any other stay real.</summary>
    public const string BinaryLayer = "conv1";

    private const string ModifierKnob = "gradient factor", OneKnob = "one";

    private readonly List<(Parameter Latent, StateTensor Trail, StateTensor Steps)> _layers = [];

    public override string Name => "every-slot";
    public override SlopeKind WeightSlope => SlopeKind.Clipped;
    public override SlopeKind ActivationSlope => SlopeKind.Reste;

    public override SlopeParameters ActivationParameters(int epoch, int epochs) => new Reste(3).Parameters(1.5 + epoch);

    internal override Variable TransformWeights(Tape tape, string layer, Variable latent)
    {
        Parameter factor = tape.Parameters.Parameter(layer + ".input_factor", PublishedLayout.Same(new Shape(latent.Shape.Last)),
            Initialisation.Constant(1.25));
        return ChannelScale.Record(tape, layer + ".transformed", latent, factor.Variable);
    }

    internal override ConvWeights BinarizeWeights(Tape tape, string layer, Variable weights)
    {
        Parameter outputs = tape.Parameters.Parameter(layer + ".output_scale", PublishedLayout.Same(new Shape(weights.Shape[0])),
            Initialisation.Constant(0.75));
        Keep(tape, layer);
        if (layer != BinaryLayer)
            return new RealWeights(weights, outputs.Variable);
        Tensor slope = SlopeOf(tape, WeightSlopeKnob);
        SignWeights signs = Ops.BinarizeWeights.Record(tape, layer, weights, WeightScale.Channel, attached: true, WeightSlope, slope);
        return signs with { OutputScale = outputs.Variable };
    }

    internal override Variable TransformActivations(Tape tape, string layer, Variable x) =>
        ImageDeviation.Record(tape, layer + ".deviation", x, attached: layer == BinaryLayer);

    internal override ConvInput BinarizeActivations(Tape tape, string layer, Variable x)
    {
        Assert.NotNull(tape.Counters);
        tape.Record(new Reached(tape.Counters));
        return base.BinarizeActivations(tape, layer, x);
    }

    internal override void ModifyGradients(Tape tape)
    {
        foreach (var (latent, _, _) in Layers(tape))
        {
            Tensor factor = tape.Parameters.Knobs.Named($"{ModifierKnob} of {latent.Value.Shape.Last}", latent.Value.Shape.Last);
            tape.RecordUpdate(new Call(kernels => kernels.ChannelScale(latent.Variable.Gradient!, factor, latent.Variable.Gradient!)));
        }
    }

    internal override Optimiser OwnOptimiser(Optimiser recipes) => new TwoStates(recipes);

    internal override void AfterStep(Tape tape)
    {
        Tensor one = tape.Parameters.Knobs.Named(OneKnob, 1);
        foreach (var (latent, trail, steps) in Layers(tape))
        {
            tape.RecordUpdate(new Call(kernels => kernels.Accumulate(latent.Value, trail.Value, GradMode.Add)));
            tape.RecordUpdate(new Call(kernels => kernels.Accumulate(one, steps.Value, GradMode.Add)));
        }
    }

    internal override void SetEpoch(Knobs knobs, int epoch, int epochs)
    {
        base.SetEpoch(knobs, epoch, epochs);
        knobs.Set(OneKnob, 1);
        foreach (int channels in new[] { 3, 4 })
            knobs.Set($"{ModifierKnob} of {channels}", [.. Enumerable.Range(0, channels).Select(c => 0.5 + 0.25 * (c + epoch))]);
    }

    /// <summary>State a weight and state a layer, made once a layer and set of parameters.</summary>
    private void Keep(Tape tape, string layer)
    {
        Parameter latent = tape.Parameters.Parameters.Single(p => p.Name == layer + ".weight");
        StateTensor trail = tape.Parameters.State(layer + ".trail", latent.Layout, Initialisation.Constant(0));
        StateTensor steps = tape.Parameters.State(layer + ".steps", PublishedLayout.Same(new Shape(1)), Initialisation.Constant(0));
        if (!_layers.Exists(kept => kept.Latent == latent))
            _layers.Add((latent, trail, steps));
    }

    private IEnumerable<(Parameter Latent, StateTensor Trail, StateTensor Steps)> Layers(Tape tape) =>
        _layers.Where(kept => tape.Parameters.Parameters.Contains(kept.Latent));

    /// <summary>Of latent weights: SGD, beside its momentum the sum of all weights so far, and how many steps there were.</summary>
    private sealed class TwoStates(Optimiser others) : BinaryOptimiser(others)
    {
        private const string Fast = "fast", Slow = "slow", Knob = "two states", Steps = "two states.steps";

        public override void SetEpoch(Knobs knobs, EpochRates rates)
        {
            base.SetEpoch(knobs, rates);
            knobs.Set(Knob, rates.LearningRate, 0.5, 0.001);
        }

        protected override void RecordBinary(Tape tape)
        {
            ParameterSet p = tape.Parameters;
            p.States.Keep(Fast, ParameterShare.Binary);
            p.States.Keep(Slow, ParameterShare.Binary);
            StateTensor steps = p.States.KeepOne(Steps);
            Tensor one = p.Knobs.Named(OneKnob, 1);
            tape.RecordUpdate(new SgdStep(p, ParameterShare.Binary, Fast, p.Knobs.Named(Knob, 3)));
            tape.RecordUpdate(new Call(kernels =>
            {
                FlatTensors flat = p.Share(ParameterShare.Binary)!;
                kernels.Accumulate(flat.Values, flat.States[Slow], GradMode.Add);
                kernels.Accumulate(one, steps.Value, GradMode.Add);
            }));
        }
    }

    /// <summary>An op made of one call.</summary>
    private sealed class Call(Action<IKernels> call) : Op
    {
        internal override IEnumerable<Tensor?> ForwardTouches => [];

        public override void Forward(IKernels kernels) => call(kernels);
    }

    /// <summary>Reads the counters where it stands, as a random draw would, and leaves them as they are.</summary>
    private sealed class Reached(Counters counters) : Op
    {
        internal override IEnumerable<Tensor?> ForwardTouches => [counters.Tensor];

        public override void Forward(IKernels kernels) => kernels.Advance(counters.Tensor, 0);
    }
}
