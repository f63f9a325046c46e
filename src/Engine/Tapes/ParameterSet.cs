using ReSTE.Native.Devices;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>
/// Parameters, running statistics and estimators' states of a network, by published name. The first tape that records the network
/// creates them; later tapes get the same ones. Values, gradients and each of the optimiser's states lie in one run of memory, so
/// that an update is one operation.
/// </summary>
public sealed class ParameterSet
{
    private const int Alignment = 16;

    private readonly Device _device;
    private readonly Dictionary<string, StateTensor> _byName = [];
    private readonly List<Parameter> _parameters = [];
    private readonly List<StateTensor> _statistics = [];
    private readonly List<long> _offsets = [];
    private FlatTensors? _flat;

    /// <param name="device">Whose memory they lie in.</param>
    /// <param name="optimiserStates">Names of what the optimiser keeps for each parameter; none where nothing is trained.</param>
    internal ParameterSet(Device device, params IReadOnlyList<string> optimiserStates)
    {
        _device = device;
        OptimiserStates = optimiserStates;
        Knobs = new Knobs(device);
    }

    /// <summary>Names of what the optimiser keeps for each parameter.</summary>
    internal IReadOnlyList<string> OptimiserStates { get; }

    /// <summary>The numbers that change between epochs, which ops read on the device.</summary>
    internal Knobs Knobs { get; }

    /// <summary>What is trained, in the order the network names it.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>
    /// What is kept and not trained, in the order the network names it: running means and variances of batch norm, [channels]
    /// each, and what an estimator keeps.
    /// </summary>
    public IReadOnlyList<StateTensor> Statistics => _statistics;

    /// <summary>Whether they have memory, and have it still.</summary>
    internal bool HasMemory => _flat is { Values.Address: not 0 };

    /// <summary>All values, gradients and states of the optimiser as one tensor each, [count]; only once committed.</summary>
    internal FlatTensors Flat => _flat ?? throw new InvalidOperationException("the parameters have no memory yet: commit them first");

    /// <summary>The parameter of a name, made when new. Its shape must be the one it was made with.</summary>
    internal Parameter Parameter(string name, PublishedLayout layout, Initialisation initialisation, bool isBinary = false)
    {
        if (_byName.TryGetValue(name, out StateTensor? known))
            return (Parameter)Checked(known, layout);
        ThrowIfCommitted(name);
        var parameter = new Parameter(_device, name, layout, initialisation, isBinary, OptimiserStates);
        _parameters.Add(parameter);
        _byName.Add(name, parameter);
        return parameter;
    }

    /// <summary>The running statistic of a name, [channels], made when new.</summary>
    internal StateTensor Statistic(string name, PublishedLayout channels, double initial) =>
        State(name, channels, Initialisation.Constant(initial));

    /// <summary>
    /// What is kept under a name and changed by ops of its own, not by the optimiser; made when new, saved and resumed with the rest.
    /// </summary>
    internal StateTensor State(string name, PublishedLayout layout, Initialisation initialisation)
    {
        if (_byName.TryGetValue(name, out StateTensor? known))
            return Checked(known, layout);
        ThrowIfCommitted(name);
        var statistic = new StateTensor(_device, name, _device.NewTensor(name, layout.Engine), layout, initialisation);
        _statistics.Add(statistic);
        _byName.Add(name, statistic);
        return statistic;
    }

    /// <summary>
    /// Places everything; the addresses are set by <see cref="Bind"/> once the slab is committed. Every parameter begins at a
    /// multiple of sixteen elements; the gaps stay zero. In guarded mode there is a gap after each.
    /// </summary>
    internal void Place(Slab slab)
    {
        long end = 0;
        _offsets.Clear();
        foreach (Parameter p in _parameters)
        {
            _offsets.Add(end);
            end = (end + p.Value.Shape.Count + (slab.Mode == SlabMode.Guarded ? Alignment : 0) + Alignment - 1) / Alignment * Alignment;
        }

        int count = checked((int)Math.Max(end, 1));
        Tensor Flat(string name) => slab.Place(_device.NewTensor(name, new Shape(count)));
        _flat = new FlatTensors(Flat("parameters"), Flat("gradients"), OptimiserStates.ToDictionary(state => state, Flat));
        foreach (StateTensor statistic in _statistics)
            slab.Place(statistic.Value);
        Knobs.Place(slab);
    }

    /// <summary>Gives every parameter its place in the flat tensors.</summary>
    internal void Bind()
    {
        for (int i = 0; i < _parameters.Count; i++)
        {
            Parameter p = _parameters[i];
            nint offset = (nint)_offsets[i] * _device.Real.Size();
            p.Value.Address = Flat.Values.Address + offset;
            p.Variable.Gradient!.Address = Flat.Gradients.Address + offset;
            foreach (var (state, tensor) in p.States)
                tensor.Value.Address = Flat.States[state].Address + offset;
        }
    }

    /// <summary>
    /// Forgets the addresses, before the memory goes: a parameter that is still held must not read what is no longer there.
    /// </summary>
    internal void Unbind()
    {
        foreach (Parameter p in _parameters)
            foreach (Tensor tensor in p.States.Values.Select(state => state.Value).Append(p.Value).Append(p.Variable.Gradient!))
                tensor.Address = 0;
    }

    /// <summary>Calls back for every parameter with its share of one of the flat tensors, read in one go.</summary>
    internal void ForEach(Tensor flat, Action<Parameter, ReadOnlySpan<double>> visit)
    {
        double[] values = _device.ReadReals(flat);
        for (int i = 0; i < _parameters.Count; i++)
            visit(_parameters[i], values.AsSpan((int)_offsets[i], (int)_parameters[i].Value.Shape.Count));
    }

    /// <summary>For guarded slabs: throws, naming the parameter, where a kernel wrote past its gradient.</summary>
    internal void CheckGuards()
    {
        var gradients = new byte[Flat.Gradients.Bytes];
        _device.Read<byte>(Flat.Gradients, gradients);
        for (int i = 0; i < _parameters.Count; i++)
        {
            int size = _device.Real.Size();
            long start = (_offsets[i] + _parameters[i].Value.Shape.Count) * size;
            long end = i + 1 < _parameters.Count ? _offsets[i + 1] * size : gradients.Length;
            if (gradients.AsSpan((int)start, (int)(end - start)).ContainsAnyExcept((byte)0xFF))
                throw new InvalidOperationException($"the gradient of {_parameters[i].Name}: written past its memory");
        }
    }

    /// <summary>Sets all that the optimiser keeps to zero.</summary>
    internal void ResetOptimiser()
    {
        foreach (StateTensor state in _parameters.SelectMany(p => p.States.Values))
            state.Write(new double[state.Value.Shape.Count]);
    }

    /// <summary>
    /// Sets every parameter and statistic as its initialisation says and the optimiser's states to zero. Element i, in the published order,
    /// of parameter number k depends on (seed, k, i) alone, so every device starts from the same numbers, rounded to single precision. The
    /// numbers of statistics go on where those of parameters end.
    /// </summary>
    internal void Initialise(ulong seed)
    {
        for (int k = 0; k < _parameters.Count; k++)
        {
            Parameter p = _parameters[k];
            p.Write(RandomFill.Values(p.Initialisation, (int)p.Value.Shape.Count, seed, (uint)k));
        }

        ResetOptimiser();

        for (int j = 0; j < _statistics.Count; j++)
        {
            StateTensor s = _statistics[j];
            s.Write(RandomFill.Values(s.Initialisation, (int)s.Value.Shape.Count, seed, (uint)(_parameters.Count + j)));
        }
    }

    private static StateTensor Checked(StateTensor known, PublishedLayout layout) => known.Layout.Shape == layout.Shape
        ? known
        : throw new ArgumentException($"{known.Name} has shape {known.Layout.Shape}, not {layout.Shape}");

    private void ThrowIfCommitted(string name)
    {
        if (_flat != null)
            throw new InvalidOperationException($"{name} is new, but the parameters are committed");
    }
}
