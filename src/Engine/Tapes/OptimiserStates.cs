using ReSTE.Native.Devices;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>
/// What an optimiser keeps between steps, by the names it gives while it is recorded: numbers a parameter, and numbers of the run. They
/// start at zero, and are saved and resumed, but are no part of the weights.
/// </summary>
internal sealed class OptimiserStates(Device device, IReadOnlyList<Parameter> parameters)
{
    private readonly OrderedDictionary<string, (ParameterShare Share, Tensor? Flat)> _kept = [];
    private readonly OrderedDictionary<string, StateTensor> _ofRun = [];

    /// <summary>Names of what it keeps for parameters.</summary>
    public IReadOnlyList<string> Names => _kept.Keys;

    /// <summary>What it keeps once a run, each [1].</summary>
    public IReadOnlyList<StateTensor> OfRun => _ofRun.Values;

    /// <summary>Keeps a number for each number of the parameters of a share, all of which must be recorded.</summary>
    public void Keep(string name, ParameterShare share)
    {
        if (_kept.TryGetValue(name, out var known))
        {
            if (known.Share != share)
                throw new ArgumentException($"{name} is kept for {known.Share}, not for {share}");
            return;
        }

        _kept.Add(name, (share, null));
        foreach (Parameter p in parameters.Where(p => ParameterRuns.Holds(share, p)))
            p.Keep(name);
    }

    /// <summary>Keeps a number of the run.</summary>
    public StateTensor KeepOne(string name)
    {
        if (!_ofRun.TryGetValue(name, out StateTensor? known))
        {
            var shape = new Shape(1);
            known = new(device, name, device.NewTensor(name, shape), PublishedLayout.Same(shape), Initialisation.Constant(0));
            _ofRun.Add(name, known);
        }

        return known;
    }

    /// <summary>Places one tensor a state.</summary>
    public void Place(Slab slab, ParameterRuns runs)
    {
        foreach (string name in Names.ToArray())
        {
            ParameterShare share = _kept[name].Share;
            if (runs.Run(share).Count is > 0 and var count)
                _kept[name] = (share, slab.Place(device.NewTensor(name, new Shape(count))));
        }

        foreach (StateTensor state in OfRun)
            slab.Place(state.Value);
    }

    /// <summary>The part of each state that belongs to a share, of those kept for all of the share.</summary>
    public Dictionary<string, Tensor> Of(ParameterShare share, ParameterRuns runs)
    {
        var (start, count) = runs.Run(share);
        return _kept.Where(s => s.Value.Share == share || s.Value.Share == ParameterShare.All)
            .ToDictionary(s => s.Key, s => s.Value.Flat!.Slice(start - runs.Run(s.Value.Share).Start, count));
    }

    /// <summary>Gives what is kept for a parameter its place.</summary>
    public void Bind(Parameter parameter, ParameterRuns runs)
    {
        foreach (var (name, state) in parameter.States)
        {
            var (share, flat) = _kept[name];
            state.Value.Address = flat!.Address + (nint)(runs.Start(parameter) - runs.Run(share).Start) * device.Real.Size();
        }
    }

    /// <summary>Sets all to zero.</summary>
    public void Clear()
    {
        foreach (StateTensor state in parameters.SelectMany(p => p.States.Values).Concat(OfRun))
            state.Write(new double[state.Value.Shape.Count]);
    }
}
