using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>What is read of a result.</summary>
internal enum Readers
{
    /// <summary>The signs alone: they come of the counts.</summary>
    OfSigns,

    /// <summary>The numbers alone.</summary>
    OfNumbers,

    /// <summary>Both.</summary>
    OfBoth,
}

/// <summary>A unit, and after it a pool or not, as a test wants it evaluated.</summary>
internal sealed record EvaluationCase(ConvGeometry Geometry, Readers Readers, bool Rectify, bool HasShortcut, PoolWindow? Pool = null)
{
    public override string ToString() => $"{Geometry}, {Readers}, {(Rectify ? "ReLU" : "no ReLU")}, shortcut {HasShortcut}, pool {Pool}";
}

/// <summary>
/// A case on one device, every tensor guarded and poisoned, with constants of batch norm that are hard to fold. Folded or not, all bits
/// must be the same.
/// </summary>
internal sealed class BinaryUnitEvaluationRun : IDisposable
{
    private const int Seed = 77;

    private readonly Device _device;
    private readonly EvaluationCase _case;
    private readonly ParameterSet _parameters;
    private readonly Tape _tape;
    private readonly Slab _state, _workspace;
    private readonly Variable _x, _y;
    private readonly Variable? _shortcut;
    private readonly Tensor? _signs;

    public BinaryUnitEvaluationRun(CpuDevice device, EvaluationCase evaluation, bool folds)
    {
        (_device, _case) = (device, evaluation);
        ((IBinaryUnitEvaluation)device.Kernels).EvaluatesUnits = folds;
        (_state, _workspace) = (new Slab(device, SlabMode.Guarded), new Slab(device, SlabMode.Guarded));
        _parameters = new ParameterSet(device);
        _tape = new Tape(device, _parameters, training: false);
        _x = _tape.NewVariable("x", evaluation.Geometry.Input);
        _shortcut = evaluation.HasShortcut ? _tape.NewVariable("shortcut", evaluation.Geometry.Output) : null;
        _y = Record();
        _signs = evaluation.Readers == Readers.OfNumbers ? null : SignPack.Record(_tape, "packed", _y);
        if (_signs != null)
            _tape.Keep(_signs);
        if (evaluation.Readers != Readers.OfSigns)
            _tape.Keep(_y.Value);
        _tape.Seal(_workspace);
        _parameters.Place(_state);
        _state.Commit();
        _parameters.Bind();
        _workspace.Commit();
        ((IBinaryUnitEvaluation)device.Kernels).EvaluatesUnits = true;
        WriteInputs();
    }

    /// <summary>Its parameters and statistics.</summary>
    public ParameterSet Parameters => _parameters;

    /// <summary>Bytes of all tensors.</summary>
    public long Bytes => _workspace.Bytes;

    /// <summary>The signs and the numbers that are read of a run.</summary>
    public (uint[] Signs, double[] Numbers) Results()
    {
        _tape.Run();
        _workspace.CheckGuards();
        _state.CheckGuards();
        uint[] signs = [];
        if (_signs != null)
            _device.Read<uint>(_signs, signs = new uint[_signs.Shape.Count]);
        return (signs, _case.Readers == Readers.OfSigns ? [] : _device.ReadReals(_y.Value));
    }

    /// <summary>Spoils all that lies in the workspace but the inputs.</summary>
    public void Spoil()
    {
        _workspace.Poison();
        WriteImages();
    }

    public void Dispose()
    {
        _tape.Dispose();
        _workspace.Dispose();
        _state.Dispose();
    }

    private Variable Record()
    {
        ConvGeometry g = _case.Geometry;
        Parameter w = _parameters.Parameter("conv.weight", PublishedLayout.Convolution(g.O, g.I, g.K), Initialisation.Constant(0));
        var (signs, weights) = new ClippedSte().Binarize(_tape, "conv", _x, w.Variable, realActivations: false);
        BatchNormSettings settings = BatchNormSettings.Default;
        (int, int) steps = (g.Stride, g.Padding);
        Variable y = _case.Rectify
            ? BinaryUnit.Record(_tape, "conv", "bn", signs, weights, g.Stride, g.Padding, settings, _shortcut)
            : BinaryUnitEvaluation.TryRecord(_tape, ("conv", "bn"), signs, weights, steps, rectify: false, settings, _shortcut)
                ?? BatchNorm.Record(_tape, "bn", BinaryConv.Record(_tape, "conv", signs, weights, g.Stride, g.Padding), rectify: false,
                    settings, _shortcut);
        return _case.Pool is { } window ? MaxPool.Record(_tape, "pool", y, window) : y;
    }

    private void WriteInputs()
    {
        WriteImages();
        Parameter w = _parameters.Parameters.Single(p => p.Name == "conv.weight");
        double[] values = SampleValues.Mixed(Seed, w.Name, w.Shape.Count);
        w.Write(values);
        double scale = values.Average(Math.Abs);
        foreach (StateTensor s in _parameters.Parameters.Where(p => p != w).Concat(_parameters.Statistics))
            s.Write([.. Enumerable.Range(0, (int)s.Shape.Count).Select(c => Constant(s.Name, c, scale))]);
    }

    private void WriteImages()
    {
        _device.WriteReals(_x.Value, SampleValues.Mixed(Seed, "x", _x.Shape.Count));
        if (_shortcut != null)
            _device.WriteReals(_shortcut.Value, SampleValues.Mixed(Seed, "shortcut", _shortcut.Shape.Count));
    }

    // Factors of either sign, none, and at the ends of what singles hold; means that a sum meets exactly, and that none reaches.
    private static double Constant(string name, int c, double scale) => name.Split('.')[1] switch
    {
        "weight" => new[] { 1, -1, 0, 1e30, -1e30, float.Epsilon, -float.Epsilon, -0.7, 2.5 }[c % 9],
        "bias" => new[] { 0, 0, 0.25, -0.125, -float.Epsilon }[c % 5],
        "running_mean" => new[] { (float)(scale * (c % 7)), 0, (float)(scale * (2 - c % 5)), 1e20, -3 }[c % 5],
        _ => new[] { 1, 1e-12, 0.3, 40 }[c % 4],
    };
}
