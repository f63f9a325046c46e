using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>What a CPU does at most with the vectors that its kernels use, on all of the device's threads at once.</summary>
internal interface ICpuRates
{
    /// <summary>Copies a large block a number of times; returns the bytes read and written.</summary>
    double Copy(int rounds);

    /// <summary>Adds products of singles; returns how many.</summary>
    double MultiplyAdd(int rounds);

    /// <summary>Counts the differing bits of words; returns how many bits.</summary>
    double CountBits(int rounds);
}

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad> : ICpuRates
{
    private const long CopyBytes = 64 << 20;

    public double Copy(int rounds)
    {
        void* source = NativeMemory.Alloc((nuint)CopyBytes), target = NativeMemory.Alloc((nuint)CopyBytes);
        try
        {
            NativeMemory.Fill(source, (nuint)CopyBytes, 1);
            NativeMemory.Fill(target, (nuint)CopyBytes, 1);
            var job = new CopyJob { Source = source, Target = target, Bytes = CopyBytes / RowSlices };
            for (int i = 0; i < rounds; i++)
                threads.Run(ref job, RowSlices);
            return 2.0 * CopyBytes * rounds;
        }
        finally
        {
            NativeMemory.Free(source);
            NativeMemory.Free(target);
        }
    }

    public double MultiplyAdd(int rounds) => LimitLoops.MultiplyAdd<TSimd>(threads, rounds);

    public double CountBits(int rounds) => LimitLoops.CountBits<TBits>(threads, rounds);
}

/// <summary>Copies a slice of a block.</summary>
internal readonly unsafe struct CopyJob : IParallelJob
{
    public required void* Source { get; init; }

    public required void* Target { get; init; }

    public required long Bytes { get; init; }

    public void Run(int part, int worker) =>
        NativeMemory.Copy((byte*)Source + part * Bytes, (byte*)Target + part * Bytes, (nuint)Bytes);
}

/// <summary>Eight sums that do not wait for one another; they are written, or nothing need be computed.</summary>
internal readonly unsafe struct MultiplyAddJob<TSimd> : IParallelJob where TSimd : unmanaged, ISimd<TSimd>
{
    public static int ProductsOfARound => 8 * TSimd.Width;

    public required int Rounds { get; init; }

    public required float* Sums { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int part, int worker)
    {
        TSimd factor = TSimd.Broadcast(0.5f), one = TSimd.Broadcast(1);
        TSimd a = TSimd.Broadcast(part), b = a + one, c = b + one, d = c + one, e = d + one, f = e + one, g = f + one, h = g + one;
        for (int round = 0; round < Rounds; round++)
        {
            a = TSimd.MultiplyAdd(a, factor, one);
            b = TSimd.MultiplyAdd(b, factor, one);
            c = TSimd.MultiplyAdd(c, factor, one);
            d = TSimd.MultiplyAdd(d, factor, one);
            e = TSimd.MultiplyAdd(e, factor, one);
            f = TSimd.MultiplyAdd(f, factor, one);
            g = TSimd.MultiplyAdd(g, factor, one);
            h = TSimd.MultiplyAdd(h, factor, one);
        }

        float* lanes = stackalloc float[TSimd.Width];
        (a + b + (c + d) + (e + f + (g + h))).Store(lanes);
        Sums[part] = lanes[0];
    }
}

/// <summary>Counts of differing bits as binary convolutions make them, nine words at a time.</summary>
internal readonly unsafe struct CountBitsJob<TBits> : IParallelJob where TBits : unmanaged, IBitSimd<TBits>
{
    // The words of a round begin at one of these, one after another; all lie in the first-level cache.
    private const int Places = 16, BitsOfAWord = 32;

    public static int BitsOfARound => 2 * NineWords<TBits>.Words * TBits.Lanes * BitsOfAWord;

    public required int Rounds { get; init; }

    public required float* Sums { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int part, int worker)
    {
        uint* x = stackalloc uint[Places + NineWords<TBits>.Words], w = stackalloc uint[NineWords<TBits>.Words * TBits.Lanes];
        for (int i = 0; i < Places + NineWords<TBits>.Words; i++)
            x[i] = (uint)(i + part) * 0x9E3779B9u;
        for (int i = 0; i < NineWords<TBits>.Words * TBits.Lanes; i++)
            w[i] = (uint)i * 0x85EBCA6Bu;
        TBits total = default;
        for (int round = 0; round < Rounds; round++)
        {
            uint* at = x + round % Places;
            TBits first = NineWords<TBits>.Count(at, at + 3, at + 6, w, default);
            total = TBits.Flush(NineWords<TBits>.Count(at + 1, at + 4, at + 5, w, first), total);
        }

        float* lanes = stackalloc float[TBits.Lanes];
        TBits.Store(total, 0, 1, lanes, TBits.Lanes);
        Sums[part] = lanes[0];
    }
}
