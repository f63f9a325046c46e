using System.Runtime.Intrinsics;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Packed signs of one slice of rows to ±1, four at a time from a table.</summary>
internal readonly unsafe struct SignUnpackJob : IParallelJob
{
    private const int Group = 4;

    public required Slices Slices { get; init; }

    public required int Channels { get; init; }

    /// <summary>[rows, words].</summary>
    public required uint* Packed { get; init; }

    /// <summary>[rows, channels].</summary>
    public required float* Y { get; init; }

    /// <summary>Sixteen times four signs: bit k of the place set means that the k-th is negative.</summary>
    private static ReadOnlySpan<float> Signs =>
    [
        1, 1, 1, 1, -1, 1, 1, 1, 1, -1, 1, 1, -1, -1, 1, 1, 1, 1, -1, 1, -1, 1, -1, 1, 1, -1, -1, 1, -1, -1, -1, 1,
        1, 1, 1, -1, -1, 1, 1, -1, 1, -1, 1, -1, -1, -1, 1, -1, 1, 1, -1, -1, -1, 1, -1, -1, 1, -1, -1, -1, -1, -1, -1, -1,
    ];

    public void Run(int part, int worker)
    {
        int words = Bits.Words(Channels);
        for (long row = Slices.Start(part); row < Slices.Start(part + 1); row++)
            Unpack(Packed + row * words, Channels, Y + row * Channels);
    }

    /// <summary>Unpacks the signs of one pixel.</summary>
    public static void Unpack(uint* packed, int channels, float* signs)
    {
        int c = 0;
        fixed (float* table = Signs)
        {
            for (; c + Group <= channels; c += Group)
                Vector128.Load(table + Group * ((packed[c / Bits.PerWord] >> (c % Bits.PerWord)) & 15)).Store(signs + c);
        }

        for (; c < channels; c++)
            signs[c] = Bits.Sign(packed, c);
    }
}
