using ReSTE.Native.Devices;
using ReSTE.Native.Engine.Tests.Reference;
using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>One run of a case on one device, every tensor guarded and poisoned; leaves all it computed, by name.</summary>
internal sealed class UnitRun
{
    public const int Seed = 31;

    private readonly Device _device;
    private readonly UnitCase _case;
    private readonly ParameterSet _parameters;
    private readonly Tape _tape;
    private readonly List<(string Name, Variable Variable)> _inputs = [], _outputs = [];

    private UnitRun(Device device, UnitCase unitCase, bool probe)
    {
        _device = device;
        _case = unitCase;
        _parameters = new ParameterSet(device);
        _tape = new Tape(device, _parameters, unitCase.Training);
        Record(probe);
        using var state = new Slab(device, SlabMode.Guarded);
        using var workspace = new Slab(device, SlabMode.Guarded);
        _tape.Seal(workspace);
        _parameters.Place(state);
        state.Commit();
        _parameters.Bind();
        workspace.Commit();
        WriteInputs();
        _tape.Forward();
        _tape.Backward();
        _tape.Update();
        workspace.CheckGuards();
        state.CheckGuards();
        ReadResults();
    }

    /// <summary>
    /// Values and gradients, in the engine's order; "z" and the unit's number: what batch norm sees before the rectifier, with a probe.
    /// </summary>
    public Dictionary<string, double[]> Values { get; } = [];

    /// <summary>Packed signs of the units' outputs, by the names of these.</summary>
    public Dictionary<string, uint[]> Signs { get; } = [];

    /// <summary>Runs the case; with a probe the convolutions are recorded a second time, to be read.</summary>
    public static UnitRun Of(Device device, UnitCase unitCase, bool probe = false) => new(device, unitCase, probe);

    private static double[] Sample(string name, long count) => SampleValues.Mixed(Seed, name, count);

    // As a device of single precision sees them: a value on a bound lies on the same side of it everywhere.
    private static SlopeParameters Slope(double o) => new(o, 1.5, 0.1f, (float)(Math.Pow(0.1, 1 / o) / 0.1));

    private void Record(bool probe)
    {
        ConvGeometry g = _case.Geometry;
        Variable x = Input("x", g.Input, _case.Use != UnitUse.Images);
        Variable? shortcut = _case.Use switch
        {
            UnitUse.OwnShortcut => Input("shortcut", g.Output, needsGradient: true),
            UnitUse.InputIsShortcut => x,
            _ => null,
        };
        Variable y = x, first = x;
        for (int i = 0; i < _case.Units.Count; i++)
        {
            ConvGeometry unit = _case.Units[i];
            Parameter w = _parameters.Parameter(
                $"conv{i}.weight", PublishedLayout.Convolution(unit.O, unit.I, unit.K), Initialisation.Constant(0));
            Variable input = y;
            if (_case.Chain == UnitChain.Padded && i == 1)
                first = ShortcutPad.Record(_tape, "padded", input, unit.O);
            if (_case.Chain == UnitChain.Residual && i == 1)
                first = input;
            if (probe)
            {
                var (probed, probes) = _case.Estimator.Binarize(_tape, $"probe{i}", input, w.Variable, realActivations: false);
                _outputs.Add(($"z{i}", BinaryConv.Record(_tape, $"probe{i}", probed, probes, unit.Stride, unit.Padding)));
            }

            var (signs, weights) = _case.Estimator.Binarize(_tape, $"conv{i}", input, w.Variable, realActivations: false);
            y = BinaryUnit.Record(_tape, $"conv{i}", $"bn{i}", signs, weights, unit.Stride, unit.Padding, BatchNormSettings.Default,
                i == 0 ? shortcut : ShortcutOf(i, input, first));
            _outputs.Add(($"y{i}", y));
            // What nobody reads an evaluation does not store.
            if (!_case.Training)
                _tape.Keep(y.Value);
            if (!_case.Training && y.Signs != null)
                _tape.Keep(y.Signs);
        }

        if (_case.Use == UnitUse.InputBorrows)
            y = Add.Record(_tape, "sum", y, x);
        Feed("sum", y);
        if (_case.Use == UnitUse.InputUsedAgain)
            Feed("again", Relu.Record(_tape, "again", x));
    }

    private Variable? ShortcutOf(int unit, Variable input, Variable first) => _case.Chain switch
    {
        UnitChain.WithShortcut => input,
        UnitChain.Padded or UnitChain.Residual when unit == 2 => first,
        _ => null,
    };

    private Variable Input(string name, Shape shape, bool needsGradient)
    {
        Variable variable = _tape.NewVariable(name, shape, needsGradient);
        _inputs.Add((name, variable));
        return variable;
    }

    private void Feed(string name, Variable value)
    {
        if (_case.Training)
            _tape.Record(new FedGradient(_device, value, Sample("gradient of " + name, value.Shape.Count)));
    }

    private void WriteInputs()
    {
        foreach (var (name, variable) in _inputs)
            _device.WriteReals(variable.Value, Sample(name, variable.Shape.Count));
        foreach (Parameter p in _parameters.Parameters)
            _device.WriteReals(p.Value, Sample(p.Name, p.Value.Shape.Count));
        foreach (StateTensor s in _parameters.Statistics)
        {
            bool isVariance = s.Name.EndsWith("_var", StringComparison.Ordinal);
            _device.WriteReals(s.Value, isVariance
                ? SampleValues.Fill(Seed, s.Name, s.Value.Shape.Count, r => 0.25 + r.NextDouble())
                : Sample(s.Name, s.Value.Shape.Count));
        }

        _parameters.Knobs.Set(Estimator.WeightSlopeKnob, Slope(2));
        _parameters.Knobs.Set(Estimator.ActivationSlopeKnob, Slope(3));
        _parameters.Knobs.Upload();
    }

    // Of what the next unit alone reads a device may store nothing but its signs.
    private bool IsStored(string name) =>
        (_case.Chain, name) is not (UnitChain.Plain or UnitChain.Three, "y0")
            and not (UnitChain.Padded or UnitChain.Residual or UnitChain.Three, "y1")
        || _device.Kernels is not IBinaryUnit;

    private void ReadResults()
    {
        foreach (var (name, variable) in _outputs)
        {
            if (IsStored(name))
                Values.Add(name, _device.ReadReals(variable.Value));
            // The last unit's gradient was fed, and may since have become the input's.
            if (variable.Gradient != null && name != $"y{_case.Units.Count - 1}" && name[0] == 'y')
                Values.Add("d" + name, _device.ReadReals(variable.Gradient));
            if (variable.Signs == null)
                continue;
            var words = new uint[variable.Signs.Shape.Count];
            _device.Read<uint>(variable.Signs, words);
            Signs.Add(name, words);
        }

        foreach (StateTensor s in _parameters.Statistics)
            Values.Add(s.Name, _device.ReadReals(s.Value));
        if (!_case.Training)
            return;
        foreach (var (name, variable) in _inputs.Where(i => i.Variable.NeedsGradient))
            Values.Add("d" + name, _device.ReadReals(variable.Gradient!));
        foreach (Parameter p in _parameters.Parameters)
            Values.Add("d" + p.Name, _device.ReadReals(p.Variable.Gradient!));
    }
}
