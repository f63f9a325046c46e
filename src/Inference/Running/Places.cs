using ReSTE.Native.Packed;

namespace ReSTE.Native.Running;

/// <summary>Where the values of an image lie in an arena: numbers, signs, or both; -1 for what a value has not.</summary>
/// <param name="network">Whose values.</param>
/// <param name="isApart">As <see cref="Arena"/>'s.</param>
internal sealed class Places(PackedNetwork network, bool isApart = false)
{
    private readonly List<long> _reals = [], _signs = [];

    /// <summary>The values.</summary>
    public PackedValues Values { get; } = PackedValues.Of(network);

    /// <summary>Where they lie.</summary>
    public Arena Arena { get; } = new(isApart);

    /// <summary>Where the numbers of a value lie.</summary>
    public long Reals(int value) => _reals[value];

    /// <summary>Where the signs of a value lie.</summary>
    public long Signs(int value) => _signs[value];

    /// <summary>Where the numbers of a value that may be none lie.</summary>
    public long Added(int? value) => value is { } added ? _reals[added] : -1;

    /// <summary>Whether a value has numbers from which its signs are made, by a step of their own.</summary>
    public bool HasSignsOfNumbers(int value) => Values.NeedsSigns(value) && !Values.IsSigns(value);

    /// <summary>Places the next value, its numbers only where they are asked for.</summary>
    /// <param name="reals">Whether they are.</param>
    /// <param name="layersAtOnce">Layers that its step does together, this one the last: what they read is still there.</param>
    public void Add(bool reals, int layersAtOnce = 1)
    {
        int value = _reals.Count, first = value + 1 - layersAtOnce;
        _reals.Add(reals ? Place(value, sizeof(float) * (long)Values[value].Count, first) : -1);
        _signs.Add(Values.IsSigns(value) || Values.NeedsSigns(value) ? Place(value, SignBytes(value), first) : -1);
    }

    /// <summary>Lets the next value lie where another does: it has the same bytes in another shape.</summary>
    public void AddSame(int other)
    {
        int value = _reals.Count;
        _reals.Add(_reals[other]);
        _signs.Add(Values.IsSigns(value) ? _signs[other] : Values.NeedsSigns(value) ? Place(value, SignBytes(value), value) : -1);
    }

    private long Place(int value, long bytes, int firstStep) => Arena.Place(bytes, firstStep, LastReader(value));

    // What is the same value in another shape is read in its place.
    private int LastReader(int value)
    {
        int last = Values.LastReader(value);
        for (int later = value + 1; later < Values.Count; later++)
            if (network.Layers[later - 1] is FlattenLayer flatten && flatten.Input == value)
                last = Math.Max(last, LastReader(later));
        return last;
    }

    private long SignBytes(int value) =>
        sizeof(uint) * (long)Values[value].Height * Values[value].Width * Tensors.Bits.Words(Values[value].Channels);
}
