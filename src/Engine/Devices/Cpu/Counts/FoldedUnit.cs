using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// What a unit's parameters become once for many batches: pieces of one memory, each beginning on a cache line. Rows have a place for each
/// channel and as many more as fill whole words of signs.
/// </summary>
internal readonly unsafe struct FoldedUnit<TBits> where TBits : unmanaged, IBitSimd<TBits>
{
    private readonly ConvGeometry _geometry;

    /// <param name="g">Sizes of its convolution.</param>
    /// <param name="memory">Where it lies; null to learn how long it is.</param>
    public FoldedUnit(in ConvGeometry g, byte* memory)
    {
        _geometry = g;
        Words = Bits.Words(g.O);
        var parts = new MemoryParts(memory);
        Weights = (uint*)parts.Take(CountWeights<TBits>.Bytes(new CountPlan(g)));
        Scales = (float*)Row(ref parts);
        Means = (float*)Row(ref parts);
        Factors = (float*)Row(ref parts);
        Shifts = (float*)Row(ref parts);
        Bounds = (int*)Row(ref parts);
        Flips = (uint*)parts.Take(sizeof(uint) * Words);
        Hold = (uint*)parts.Take(sizeof(uint) * Words);
        Bytes = parts.Bytes;
    }

    /// <summary>Words of a pixel's signs.</summary>
    public int Words { get; }

    /// <summary>Channels that there are.</summary>
    public int Channels => _geometry.O;

    /// <summary>Pixels of a row.</summary>
    public int Columns => _geometry.OW;

    /// <summary>Bytes of it.</summary>
    public long Bytes { get; }

    private uint* Weights { get; }

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

    /// <summary>Whether those of all channels do.</summary>
    public bool AllHold
    {
        get
        {
            for (int word = 0; word < Words; word++)
            {
                if (Hold[word] == 0)
                    return false;
            }

            return true;
        }
    }

    /// <summary>The weights as they are counted.</summary>
    /// <param name="signs">[O,K,K,words], to pack them; null once they are packed.</param>
    public CountWeights<TBits> Counted(uint* signs) => new(new CountPlan(_geometry), signs, Weights);

    /// <summary>What stands between the sums and the shortcut.</summary>
    public UnitExpression Expression(bool rectify) => new(Scales, Means, Factors, Shifts, rectify);

    /// <summary>The first pixel of a row of an image, among those of all images.</summary>
    public long Row(long image, int row) => (image * _geometry.OH + row) * _geometry.OW;

    private byte* Row(ref MemoryParts parts) => parts.Take(sizeof(float) * (long)Words * Bits.PerWord);
}
