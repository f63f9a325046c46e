using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Packs the signs of one slice of rows.</summary>
internal readonly unsafe struct SignPackJob<TSimd> : IParallelJob where TSimd : unmanaged, ISimd<TSimd>
{
    public required Slices Slices { get; init; }

    public required int Channels { get; init; }

    public required float* X { get; init; }

    public required uint* Packed { get; init; }

    public void Run(int part, int worker)
    {
        int words = Bits.Words(Channels);
        for (long row = Slices.Start(part); row < Slices.Start(part + 1); row++)
        {
            float* x = X + row * Channels;
            uint* packed = Packed + row * words;
            for (int word = 0; word < words; word++)
                packed[word] = Word(x + word * Bits.PerWord, Math.Min(Bits.PerWord, Channels - word * Bits.PerWord));
        }
    }

    private static uint Word(float* x, int channels)
    {
        uint word = 0;
        int c = 0;
        for (; c + TSimd.Width <= channels; c += TSimd.Width)
            word |= TSimd.Load(x + c).NegativeMask() << c;
        for (; c < channels; c++)
            word |= (Bits.IsNegative(x[c]) ? 1u : 0) << c;
        return word;
    }
}
