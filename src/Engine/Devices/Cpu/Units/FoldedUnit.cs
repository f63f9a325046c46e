using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// What a unit's parameters become once for many batches: pieces of one memory, each beginning on a cache line. Rows have a place for each
/// channel and as many more as fill whole words of signs.
/// </summary>
internal readonly unsafe struct FoldedUnit
{
    private readonly ConvGeometry _geometry;

    /// <param name="g">Sizes of its convolution.</param>
    /// <param name="memory">Where it lies; null to learn how long it is.</param>
    public FoldedUnit(in ConvGeometry g, byte* memory)
    {
        _geometry = g;
        Window = new XnorWindow(g);
        Words = Bits.Words(g.O);
        Padded = Words * Bits.PerWord;
        byte* at = memory;
        Offsets = (int*)Take(ref at, Window.Count);
        Rows = (int*)Take(ref at, g.OH);
        Columns = (int*)Take(ref at, g.OW);
        Weights = (uint*)Take(ref at, (long)Window.Count * Padded);
        Bases = (int*)Take(ref at, (long)Sides * Sides * Padded);
        Scales = (float*)Take(ref at, Padded);
        Means = (float*)Take(ref at, Padded);
        Factors = (float*)Take(ref at, Padded);
        Shifts = (float*)Take(ref at, Padded);
        Bounds = (int*)Take(ref at, Padded);
        Flips = (uint*)Take(ref at, Words);
        Hold = (uint*)Take(ref at, Words);
        Bytes = at - memory;
    }

    /// <summary>The words that a pixel multiplies.</summary>
    public XnorWindow Window { get; }

    /// <summary>Words of a pixel's signs.</summary>
    public int Words { get; }

    /// <summary>Places in a row.</summary>
    public int Padded { get; }

    /// <summary>Bytes of it.</summary>
    public long Bytes { get; }

    /// <summary>[window]: where each word lies.</summary>
    public int* Offsets { get; }

    /// <summary>[OH]: what an output row adds to the place of its <see cref="Bases"/>.</summary>
    public int* Rows { get; }

    /// <summary>[OW]: the same of a column.</summary>
    public int* Columns { get; }

    /// <summary>[window, padded O]: the signs of the weights, a lane an output channel.</summary>
    public uint* Weights { get; }

    /// <summary>
    /// [sides, sides, padded O]: the sum of products is that less two of the count. For a pixel inside it is K_valid; at the border, what
    /// taps outside the image add to the count is added to it.
    /// </summary>
    public int* Bases { get; }

    /// <summary>[padded O]: what multiplies the sum.</summary>
    public float* Scales { get; }

    /// <summary>Batch norm's constants, [padded O] each.</summary>
    public float* Means { get; }

    /// <summary>As <see cref="Means"/>.</summary>
    public float* Factors { get; }

    /// <summary>As <see cref="Means"/>.</summary>
    public float* Shifts { get; }

    /// <summary>[padded O]: y is negative where the sum is at most that, or, where the channel is flipped, where it is not.</summary>
    public int* Bounds { get; }

    /// <summary>bits [words]: the channels that are flipped.</summary>
    public uint* Flips { get; }

    /// <summary>[words]: 1 where the bounds of all channels of a word hold.</summary>
    public uint* Hold { get; }

    /// <summary>Cases along one axis: how many taps may lie before the image, and how many after it.</summary>
    public int Sides => (_geometry.Padding + 1) * (_geometry.Padding + 1);

    /// <summary>The taps along one axis that lie inside the image.</summary>
    public (int First, int End) Inside(int side) => (side / (_geometry.Padding + 1), _geometry.K - side % (_geometry.Padding + 1));

    /// <summary>Writes where things lie.</summary>
    public void WritePlaces()
    {
        ConvGeometry g = _geometry;
        for (int word = 0; word < Window.Count; word++)
            Offsets[word] = Window.Offset(word);
        for (int p = 0; p < g.OH; p++)
            Rows[p] = Side(p, g.H) * Sides * Padded;
        for (int q = 0; q < g.OW; q++)
            Columns[q] = Side(q, g.W) * Padded;
    }

    private int Side(int place, int length)
    {
        int first = place * _geometry.Stride - _geometry.Padding;
        return Math.Max(0, -first) * (_geometry.Padding + 1) + Math.Max(0, first + _geometry.K - length);
    }

    private static byte* Take(ref byte* at, long count)
    {
        byte* start = at;
        at += sizeof(int) * Floats.Align(count);
        return start;
    }
}

/// <summary>The float expression of a unit between its sum and its shortcut, for some channels.</summary>
internal readonly unsafe struct UnitExpression(FoldedUnit unit, bool rectify)
{
    private readonly float* _scales = unit.Scales, _means = unit.Means, _factors = unit.Factors, _shifts = unit.Shifts;
    private readonly float _floor = rectify ? 0 : float.NegativeInfinity;

    /// <summary>(max(scale sum, floor) - mean) factor + shift, rounded as the single operations round.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Of<T>(T sum, int channel) where T : unmanaged, ISimd<T>
    {
        T z = T.Max(sum * T.Load(_scales + channel), T.Broadcast(_floor));
        return T.MultiplyAdd(z - T.Load(_means + channel), T.Load(_factors + channel), T.Load(_shifts + channel));
    }
}
