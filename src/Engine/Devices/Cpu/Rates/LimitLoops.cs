using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Work that is measured at one width: a number of rounds of it on all threads; returns how much that is.</summary>
internal delegate double LimitLoop(CpuThreads threads, int rounds);

/// <summary>The loops of one width of vectors.</summary>
internal static unsafe class LimitLoops
{
    // Of work in registers, so that handing it out costs nothing.
    private const int LoopRounds = 20_000;

    /// <summary>Loops in registers of a width, by what they do.</summary>
    public static IEnumerable<(CpuWork Work, LimitLoop Loop)> OfRegisters(int vectorBits) => vectorBits switch
    {
        512 =>
        [
            (CpuWork.MultiplyAdd, MultiplyAdd<Simd512>), (CpuWork.SignedSums, SignedSums<Simd512, TableProduct>),
            (CpuWork.CountBits, CountBits<BitSimd512>),
        ],
        256 =>
        [
            (CpuWork.MultiplyAdd, MultiplyAdd<Simd256>), (CpuWork.SignedSums, SignedSums<Simd256, HalfTableProduct>),
            (CpuWork.CountBits, CountBits<BitSimd256>),
        ],
        128 => [(CpuWork.MultiplyAdd, MultiplyAdd<Simd128>), (CpuWork.CountBits, CountBits<BitSimd128>)],
        _ => [(CpuWork.MultiplyAdd, MultiplyAdd<SimdScalar>), (CpuWork.CountBits, CountBits<BitSimdScalar>)],
    };

    /// <summary>Reads and copies, at a width, of blocks of singles that lie one after another, one a thread.</summary>
    public static IEnumerable<(CpuWork Work, LimitLoop Loop)> OfMemory(int vectorBits, nint blocks, long bytes) => vectorBits switch
    {
        512 => OfMemory<Simd512>(blocks, bytes),
        256 => OfMemory<Simd256>(blocks, bytes),
        128 => OfMemory<Simd128>(blocks, bytes),
        _ => OfMemory<SimdScalar>(blocks, bytes),
    };

    private static (CpuWork Work, LimitLoop Loop)[] OfMemory<TSimd>(nint blocks, long bytes) where TSimd : unmanaged, ISimd<TSimd> =>
    [
        (CpuWork.Read, (threads, rounds) => Read<TSimd>(threads, blocks, bytes, rounds)),
        (CpuWork.Copy, (threads, rounds) => Copy<TSimd>(threads, blocks, bytes, rounds)),
    ];

    /// <summary>Multiply-adds of singles.</summary>
    public static double MultiplyAdd<TSimd>(CpuThreads threads, int rounds) where TSimd : unmanaged, ISimd<TSimd>
    {
        float* sums = stackalloc float[threads.Count];
        var job = new MultiplyAddJob<TSimd> { Rounds = LoopRounds * rounds, Sums = sums };
        threads.Run(ref job, threads.Count);
        return (double)threads.Count * MultiplyAddJob<TSimd>.ProductsOfARound * job.Rounds;
    }

    private static double SignedSums<TSimd, TSigns>(CpuThreads threads, int rounds)
        where TSimd : unmanaged, ISimd<TSimd>
        where TSigns : unmanaged, ISignProduct<TSimd>
    {
        float* sums = stackalloc float[threads.Count];
        var job = new SignedSumsJob<TSimd, TSigns> { Rounds = LoopRounds * rounds, Sums = sums };
        threads.Run(ref job, threads.Count);
        return (double)threads.Count * SignedSumsJob<TSimd, TSigns>.ProductsOfARound * job.Rounds;
    }

    /// <summary>Bits of words that differ.</summary>
    public static double CountBits<TBits>(CpuThreads threads, int rounds) where TBits : unmanaged, IBitSimd<TBits>
    {
        float* sums = stackalloc float[threads.Count];
        var job = new CountBitsJob<TBits> { Rounds = LoopRounds * rounds, Sums = sums };
        threads.Run(ref job, threads.Count);
        return (double)threads.Count * CountBitsJob<TBits>.BitsOfARound * job.Rounds;
    }

    private static double Read<TSimd>(CpuThreads threads, nint blocks, long bytes, int rounds) where TSimd : unmanaged, ISimd<TSimd>
    {
        float* sums = stackalloc float[threads.Count];
        var job = new ReadJob<TSimd> { Rounds = rounds, Source = (float*)blocks, Count = bytes / sizeof(float), Sums = sums };
        threads.Run(ref job, threads.Count);
        return (double)threads.Count * bytes * rounds;
    }

    // Each byte of the first half is read, and one of the second written.
    private static double Copy<TSimd>(CpuThreads threads, nint blocks, long bytes, int rounds) where TSimd : unmanaged, ISimd<TSimd>
    {
        var job = new CopyWithinJob<TSimd> { Rounds = rounds, Source = (float*)blocks, Count = bytes / sizeof(float) };
        threads.Run(ref job, threads.Count);
        return (double)threads.Count * bytes * rounds;
    }
}
