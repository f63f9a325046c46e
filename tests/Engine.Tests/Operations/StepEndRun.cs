using ReSTE.Native.Devices;
using ReSTE.Native.Engine.Tests.Reference;
using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Which of the values has another reader.</summary>
public enum StepEndUse
{
    /// <summary>None.</summary>
    Plain,

    /// <summary>The unit's result, whose gradient is written by another op and added to by the pool.</summary>
    UnitUsedAgain,

    /// <summary>The pool's, likewise.</summary>
    PoolUsedAgain,

    /// <summary>The batch norm's, likewise.</summary>
    NormUsedAgain,

    /// <summary>Where the pass stands, after the loss.</summary>
    CountersUsedAgain,
}

/// <summary>The end of a network: a binary unit, an average pool, maybe a batch norm, a linear layer and the loss.</summary>
internal sealed record StepEndCase(ConvGeometry Unit, int Classes)
{
    public bool HasNorm { get; init; }

    public StepEndUse Use { get; init; }
}

/// <summary>One step of such a tape on one device, every tensor guarded and poisoned; leaves all it computed, by name.</summary>
internal sealed class StepEndRun
{
    private const int Seed = 83, Start = 7;

    // Of a few images a channel may hardly differ: divided by so little, rounding would be all that is left of it.
    private static readonly BatchNormSettings s_steady = BatchNormSettings.Default with { Epsilon = 0.25 };

    private readonly Device _device;
    private readonly StepEndCase _case;
    private readonly ParameterSet _parameters;
    private readonly Tape _tape;
    private readonly Counters _counters;
    private readonly Variable _x, _logits;
    private readonly Tensor _labels, _loss, _metrics;

    private StepEndRun(Device device, StepEndCase end)
    {
        (_device, _case, _parameters) = (device, end, new ParameterSet(device));
        using var state = new Slab(device, SlabMode.Guarded);
        using var workspace = new Slab(device, SlabMode.Guarded);
        _counters = new Counters(device, state, "counters");
        _tape = new Tape(device, _parameters, training: true) { Counters = _counters };
        _x = _tape.NewVariable("x", end.Unit.Input, needsGradient: false);
        _labels = state.Place(device.NewTensor("labels", new Shape(end.Unit.N), ElementType.Int32));
        _loss = state.Place(device.NewTensor("loss", new Shape(1), ElementType.Float64));
        _metrics = state.Place(device.NewTensor("metrics", new Shape(3), ElementType.Float64));
        _logits = Record();
        _tape.Seal(workspace);
        _parameters.Place(state);
        state.Commit();
        _parameters.Bind();
        workspace.Commit();
        WriteInputs();
        long before = device.Launches;
        _tape.Forward();
        ForwardLaunches = device.Launches - before - Others;
        before = device.Launches;
        _tape.Backward();
        BackwardLaunches = device.Launches - before - OthersBackward;
        _tape.Update();
        ForwardLaunches += device.Launches - before - OthersBackward - BackwardLaunches;
        workspace.CheckGuards();
        state.CheckGuards();
        ReadResults();
    }

    /// <summary>Values and gradients, in the engine's order.</summary>
    public Dictionary<string, double[]> Values { get; } = [];

    /// <summary>Where the pass stands afterwards.</summary>
    public long Cursor { get; private set; }

    /// <summary>Launches of the pool and what follows, those of other readers left out; the move of the cursor is one of them.</summary>
    public long ForwardLaunches { get; }

    /// <summary>Launches of the same ops backward, and of the sums of the unit's own pass.</summary>
    public long BackwardLaunches { get; }

    // Signs of x, binary weights, the unit's two; what reads a value again.
    private int Others => 4 + (_case.Use is StepEndUse.Plain or StepEndUse.CountersUsedAgain ? 0 : 1);

    // The weights' gradient, its slices and what follows from them; what reads a value again, which writes its gradient.
    private int OthersBackward => 3 + (_case.Use is StepEndUse.Plain or StepEndUse.CountersUsedAgain ? 0 : 1);

    /// <summary>Runs the case.</summary>
    public static StepEndRun Of(Device device, StepEndCase end) => new(device, end);

    private static double[] Sample(string name, long count) => SampleValues.Mixed(Seed, name, count);

    private Variable Record()
    {
        ConvGeometry g = _case.Unit;
        var estimator = new Reste();
        Parameter latent = _parameters.Parameter("conv.weight", PublishedLayout.Convolution(g.O, g.I, g.K), Initialisation.Constant(0));
        var (signs, weights) = estimator.Binarize(_tape, "conv", _x, latent.Variable, realActivations: false);
        Variable y = BinaryUnit.Record(_tape, "conv", "bn", signs, weights, g.Stride, g.Padding, BatchNormSettings.Default, shortcut: null);
        Variable pooled = AveragePool.Record(_tape, "pool", y), normalised = pooled;
        if (_case.HasNorm)
            normalised = BatchNorm.Record(_tape, "bn2", pooled, rectify: false, s_steady, shortcut: null);
        Parameter w = _parameters.Parameter("linear.weight", PublishedLayout.Same(new(_case.Classes, g.O)), Initialisation.Constant(0));
        Parameter b = _parameters.Parameter("linear.bias", PublishedLayout.Same(new(_case.Classes)), Initialisation.Constant(0));
        Variable logits = Linear.Record(_tape, "linear", normalised, w, b);
        Variable? again = _case.Use switch
        {
            StepEndUse.UnitUsedAgain => y,
            StepEndUse.PoolUsedAgain => pooled,
            StepEndUse.NormUsedAgain => normalised,
            _ => null,
        };
        if (again != null)
            _tape.Record(new FedGradient(_device, Relu.Record(_tape, "again", again), Sample("again", again.Shape.Count)));
        SoftmaxCrossEntropy.Record(_tape, logits, _labels, _loss, _metrics);
        if (_case.Use == StepEndUse.CountersUsedAgain)
            _tape.RecordUpdate(new Reader(_counters.Tensor));
        _tape.RecordUpdate(new Advance(_counters.Tensor, g.N));
        _tape.Keep(logits.Value);
        _tape.Keep(pooled.Value);
        return logits;
    }

    private void WriteInputs()
    {
        _device.WriteReals(_x.Value, Sample("x", _x.Shape.Count));
        _device.Write<int>(_labels, [.. Enumerable.Range(0, _case.Unit.N).Select(i => i * 7 % _case.Classes)]);
        _device.Write<double>(_metrics, [1, 2, 3]);
        _counters.Set(Start, 0, 1);
        foreach (Parameter p in _parameters.Parameters)
            _device.WriteReals(p.Value, Sample(p.Name, p.Value.Shape.Count));
        foreach (StateTensor s in _parameters.Statistics)
            _device.WriteReals(s.Value, SampleValues.Fill(Seed, s.Name, s.Value.Shape.Count, r => 0.25 + r.NextDouble()));
        _parameters.Knobs.Set(Estimator.WeightSlopeKnob, new SlopeParameters(2, 1.5, 0.1f, (float)(Math.Sqrt(0.1) / 0.1)));
        _parameters.Knobs.Set(Estimator.ActivationSlopeKnob, new SlopeParameters(2, 1.5, 0.1f, (float)(Math.Sqrt(0.1) / 0.1)));
        _parameters.Knobs.Upload();
    }

    private void ReadResults()
    {
        Values.Add("logits", _device.ReadReals(_logits.Value));
        foreach (StateTensor s in _parameters.Statistics)
            Values.Add(s.Name, _device.ReadReals(s.Value));
        foreach (Parameter p in _parameters.Parameters)
            Values.Add("d" + p.Name, _device.ReadReals(p.Variable.Gradient!));
        var (loss, metrics, counters) = (new double[1], new double[3], new long[BatchCounters.Count]);
        _device.Read<double>(_loss, loss);
        _device.Read<double>(_metrics, metrics);
        _device.Read<long>(_counters.Tensor, counters);
        Values.Add("loss", loss);
        Values.Add("metrics", metrics);
        Cursor = counters[0];
    }

    /// <summary>Says that it reads where the pass stands.</summary>
    private sealed class Reader(Tensor counters) : Op
    {
        internal override IEnumerable<Tensor?> ForwardTouches => [counters];

        public override void Forward(IKernels kernels)
        {
        }
    }
}
