using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Times work by the processor time that all threads of this process take for it, which other programs on the machine hardly change. Cold,
/// a buffer larger than the caches has been written before.
/// </summary>
internal sealed unsafe class CpuTimer(ICpuRates rates) : WorkTimer
{
    // Large against the step of the system's clock of processor time and against the spinning of idle threads.
    private const double LongEnough = 5e-3;
    private const int MostRuns = 10_000;

    // Larger than the last-level cache of most machines.
    private const int FlushBytes = 128 << 20;

    private readonly void* _flush = NativeMemory.Alloc(FlushBytes);
    private byte _value;

    public override DeviceRates MeasureRates()
    {
        double bytes = Rate(rates.Copy), real = Rate(rates.MultiplyAdd);
        return new DeviceRates(bytes, Rate(rates.CountBits), real, real);
    }

    public override double[] Time(Action work, int repetitions, bool cold)
    {
        double first = cold ? Cold(work) : Seconds(work, 1);
        int count = Affordable(repetitions, first), runs = cold ? 1 : (int)Math.Clamp(LongEnough / Math.Max(first, 1e-9), 1, MostRuns);
        if (count == 1)
            return [first];
        var times = new double[Math.Min(count, Affordable(repetitions, first * runs))];
        for (int i = 0; i < times.Length; i++)
            times[i] = cold ? Cold(work) : Seconds(work, runs);
        return times;
    }

    public override void Dispose() => NativeMemory.Free(_flush);

    /// <summary>The most that it did in a second of a thread: more and more at once, until it takes a tenth of a second or more.</summary>
    private static double Rate(Func<int, double> work)
    {
        const double Enough = 0.2;
        double best = 0;
        for (int rounds = 1; ; rounds *= 2)
        {
            double done = 0, seconds = Seconds(() => done = work(rounds), 1);
            best = Math.Max(best, done / Math.Max(seconds, 1e-9));
            if (seconds >= Enough / 2)
                return best;
            if (seconds < Enough / 100)
                best = 0; // too short to say anything
        }
    }

    private double Cold(Action work)
    {
        NativeMemory.Fill(_flush, FlushBytes, ++_value);
        return Seconds(work, 1);
    }

    private static double Seconds(Action work, int runs)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < runs; i++)
            work();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds / runs;
    }
}
