using ReSTE.Native.Devices;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>
/// Parameters, running statistics and estimators' states of a network, by published name. The first tape that records the network
/// creates them; later tapes get the same ones. Values, gradients and each of the optimiser's states lie in one run of memory, those
/// of binary layers first, so that an update of all, or of either share, is one operation.
/// </summary>
public sealed class ParameterSet
{
    private readonly Device _device;
    private readonly Dictionary<string, StateTensor> _byName = [];
    private readonly List<Parameter> _parameters = [];
    private readonly List<StateTensor> _statistics = [];
    private readonly Dictionary<ParameterShare, FlatTensors> _shares = [];
    private ParameterRuns? _runs;

    /// <param name="device">Whose memory they lie in.</param>
    internal ParameterSet(Device device)
    {
        _device = device;
        States = new OptimiserStates(device, _parameters);
        Knobs = new Knobs(device);
    }

    /// <summary>The numbers that change between epochs, which ops read on the device.</summary>
    internal Knobs Knobs { get; }

    /// <summary>What is trained, in the order the network names it.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>
    /// What is kept and not trained, in the order the network names it: running means and variances of batch norm, [channels]
    /// each, and what an estimator keeps.
    /// </summary>
    public IReadOnlyList<StateTensor> Statistics => _statistics;

    /// <summary>What the optimiser keeps.</summary>
    internal OptimiserStates States { get; }

    /// <summary>Whether they have memory, and have it still.</summary>
    internal bool HasMemory => _runs != null && Flat.Values.Address != 0;

    /// <summary>All values, gradients and states of the optimiser as one tensor each, [count]; only once committed.</summary>
    internal FlatTensors Flat => Share(ParameterShare.All)!;

    /// <summary>The parameter of a name, made when new. Its shape must be the one it was made with.</summary>
    internal Parameter Parameter(string name, PublishedLayout layout, Initialisation initialisation, bool isBinary = false)
    {
        if (_byName.TryGetValue(name, out StateTensor? known))
            return (Parameter)Checked(known, layout);
        ThrowIfCommitted(name);
        var parameter = new Parameter(_device, name, layout, initialisation, isBinary);
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

    /// <summary>Those of a share; null where it holds no parameter. Only once committed.</summary>
    internal FlatTensors? Share(ParameterShare share) => _runs != null
        ? _shares.GetValueOrDefault(share)
        : throw new InvalidOperationException("the parameters have no memory yet: commit them first");

    /// <summary>
    /// Places everything; the addresses are set by <see cref="Bind"/> once the slab is committed. Gaps between parameters stay zero.
    /// </summary>
    internal void Place(Slab slab)
    {
        _runs = new ParameterRuns(_parameters, slab.Mode == SlabMode.Guarded);
        var all = new Shape(_runs.Run(ParameterShare.All).Count);
        Tensor values = slab.Place(_device.NewTensor("parameters", all)), gradients = slab.Place(_device.NewTensor("gradients", all));
        States.Place(slab, _runs);
        foreach (ParameterShare share in Enum.GetValues<ParameterShare>())
        {
            var (start, count) = _runs.Run(share);
            if (count > 0)
                _shares[share] = new FlatTensors(values.Slice(start, count), gradients.Slice(start, count), States.Of(share, _runs));
        }

        foreach (StateTensor statistic in _statistics)
            slab.Place(statistic.Value);
        Knobs.Place(slab);
    }

    /// <summary>Gives every parameter its place in the flat tensors.</summary>
    internal void Bind()
    {
        foreach (Parameter p in _parameters)
        {
            nint offset = (nint)_runs!.Start(p) * _device.Real.Size();
            p.Value.Address = Flat.Values.Address + offset;
            p.Variable.Gradient!.Address = Flat.Gradients.Address + offset;
            States.Bind(p, _runs);
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
        foreach (Parameter p in _parameters)
            visit(p, values.AsSpan(_runs!.Start(p), (int)p.Value.Shape.Count));
    }

    /// <summary>For guarded slabs: throws, naming the parameter, where a kernel wrote past its gradient.</summary>
    internal void CheckGuards()
    {
        var gradients = new byte[Flat.Gradients.Bytes];
        _device.Read<byte>(Flat.Gradients, gradients);
        int size = _device.Real.Size();
        foreach (var (parameter, start, end) in _runs!.Gaps())
        {
            if (gradients.AsSpan(start * size, (end - start) * size).ContainsAnyExcept((byte)0xFF))
                throw new InvalidOperationException($"the gradient of {parameter.Name}: written past its memory");
        }
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

        States.Clear();

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
        if (_runs != null)
            throw new InvalidOperationException($"{name} is new, but the parameters are committed");
    }
}
