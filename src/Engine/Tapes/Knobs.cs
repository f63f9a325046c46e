using ReSTE.Native.Devices;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>
/// The numbers that change between epochs, as small named tensors in device memory: a captured graph would freeze anything passed
/// by value. An op that reads one asks for it by name while it is recorded; whoever decides the number sets it by the same name.
/// </summary>
internal sealed class Knobs(Device device)
{
    private readonly OrderedDictionary<string, Knob> _knobs = [];
    private bool _placed;

    /// <summary>The knob of a name, real [count], made when new; it starts as zeros.</summary>
    public Tensor Named(string name, int count)
    {
        if (!_knobs.TryGetValue(name, out Knob? knob))
        {
            if (_placed)
                throw new InvalidOperationException($"the knob {name} is new, but the knobs have their memory");
            _knobs.Add(name, knob = new Knob(device.NewTensor(name, new Shape(count)), new double[count]));
        }

        return knob.Values.Length == count
            ? knob.Tensor
            : throw new ArgumentException($"the knob {name} has {knob.Values.Length} numbers, not {count}");
    }

    /// <summary>Sets a knob's numbers; nothing happens where no op has asked for it.</summary>
    public void Set(string name, params ReadOnlySpan<double> values)
    {
        if (!_knobs.TryGetValue(name, out Knob? knob))
            return;
        if (values.Length != knob.Values.Length)
            throw new ArgumentException($"the knob {name} has {knob.Values.Length} numbers, not {values.Length}");
        values.CopyTo(knob.Values);
    }

    /// <summary>Sets a knob that holds a slope's parameters.</summary>
    public void Set(string name, SlopeParameters p) => Set(name, p.P0, p.P1, p.P2, p.P3);

    /// <summary>Copies all numbers to the device.</summary>
    public void Upload()
    {
        foreach (Knob knob in _knobs.Values)
            device.WriteReals(knob.Tensor, knob.Values);
    }

    /// <summary>Gives every knob its place.</summary>
    internal void Place(Slab slab)
    {
        _placed = true;
        foreach (Knob knob in _knobs.Values)
            slab.Place(knob.Tensor);
    }

    private sealed record Knob(Tensor Tensor, double[] Values);
}
