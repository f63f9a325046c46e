using System.Diagnostics;
using System.Runtime.InteropServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Measures what this processor does at most, at every width of vectors that it has: products in registers, and reads and copies in each of
/// its caches and in memory. By the clock, so that it holds for the minute it was measured in, neighbours on the machine included.
/// </summary>
public static class CpuLimits
{
    // Long against the clock and the start of a job; the best of a few is taken.
    private const double LongEnough = 10e-3;
    private const int Repetitions = 5, MostRounds = 1 << 24;

    // Whole numbers of what a loop takes at once, whatever the width.
    private const long Grain = 4096;
    private const long LeastMemory = 64 << 20, MostMemory = 512 << 20;

    /// <summary>Measures on one thread, and on <paramref name="threads"/> at once where those are more; a few seconds.</summary>
    /// <param name="threads">As many as a device has.</param>
    /// <param name="stop">Checked between measurements.</param>
    public static IEnumerable<CpuLimit> Measure(int threads, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        return new[] { 1, threads }.Distinct().SelectMany(count => MeasureOn(count, stop));
    }

    private static IEnumerable<CpuLimit> MeasureOn(int count, CancellationToken stop)
    {
        using var threads = new CpuThreads(count);
        foreach (int bits in Widths)
        {
            foreach (var (work, loop) in LimitLoops.OfRegisters(bits))
                yield return new(work, bits, null, 0, count, Best(threads, loop, stop));
        }

        (string Name, long Bytes)[] levels = Levels(CpuCaches.Find(), count);
        nint blocks = Allocate(levels.Max(level => level.Bytes) * count);
        try
        {
            foreach (var (name, bytes) in levels)
            {
                foreach (var (work, loop) in LimitLoops.OfMemory(Widths[0], blocks, bytes))
                    yield return new(work, Widths[0], name, bytes, count, Best(threads, loop, stop));
            }
        }
        finally
        {
            Free(blocks);
        }
    }

    /// <summary>
    /// What each of some threads has of every level: half of a cache that is its own, its share of half of one that all have, and, of
    /// memory, so much that all together do not fit a cache. A third level of no more than the second's is left out.
    /// </summary>
    internal static (string Name, long Bytes)[] Levels(CpuCaches caches, int threads)
    {
        long third = Whole(caches.L3 / 2 / threads);
        long memory = Math.Max(LeastMemory, Math.Min(4 * caches.L3, MostMemory) / threads);
        (string, long)[] own = [("L1", Whole(caches.L1 / 2)), ("L2", Whole(caches.L2 / 2))];
        return third > caches.L2 ? [.. own, ("L3", third), ("memory", Whole(memory))] : [.. own, ("memory", Whole(memory))];
    }

    private static long Whole(long bytes) => Math.Max(1, bytes / Grain) * Grain;

    /// <summary>Of vectors that there are, the widest first.</summary>
    internal static int[] Widths => [.. new[] { 512, 256, 128, 32 }.Where(bits => bits <= VectorWidth.Widest)];

    /// <summary>Rounds enough for the clock and the start of a job not to matter.</summary>
    internal static int Rounds(CpuThreads threads, LimitLoop loop, CancellationToken stop)
    {
        int rounds = 1;
        while (Seconds(threads, loop, rounds, stop).Took < LongEnough && rounds < MostRounds)
            rounds *= 2;
        return rounds;
    }

    /// <summary>How much of it is done in a second.</summary>
    internal static double Rate(CpuThreads threads, LimitLoop loop, int rounds, CancellationToken stop)
    {
        var (done, took) = Seconds(threads, loop, rounds, stop);
        return done / took;
    }

    private static double Best(CpuThreads threads, LimitLoop loop, CancellationToken stop)
    {
        int rounds = Rounds(threads, loop, stop);
        double best = 0;
        for (int i = 0; i < Repetitions; i++)
            best = Math.Max(best, Rate(threads, loop, rounds, stop));
        return best;
    }

    private static (double Done, double Took) Seconds(CpuThreads threads, LimitLoop loop, int rounds, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        long start = Stopwatch.GetTimestamp();
        double done = loop(threads, rounds);
        return (done, Math.Max(Stopwatch.GetElapsedTime(start).TotalSeconds, 1e-9));
    }

    /// <summary>Memory of zeros that is there, for loops over it.</summary>
    internal static unsafe nint Allocate(long bytes)
    {
        void* blocks = NativeMemory.AlignedAlloc((nuint)(bytes + Grain), (nuint)Grain);
        NativeMemory.Fill(blocks, (nuint)bytes, 0);
        return (nint)blocks;
    }

    internal static unsafe void Free(nint blocks) => NativeMemory.AlignedFree((void*)blocks);
}
