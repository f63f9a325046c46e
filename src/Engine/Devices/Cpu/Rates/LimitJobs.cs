using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Eight sums to which a signed sum is added that is looked up, of one unit after another, as the kernels have it.</summary>
internal readonly unsafe struct SignedSumsJob<TSimd, TSigns> : IParallelJob
    where TSimd : unmanaged, ISimd<TSimd>
    where TSigns : unmanaged, ISignProduct<TSimd>
{
    private const int Units = 8;

    public static int ProductsOfARound => 8 * TSigns.ChannelsPerUnit * TSimd.Width;

    public required int Rounds { get; init; }

    public required float* Sums { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int part, int worker)
    {
        float* units = stackalloc float[Units * TSigns.UnitSize];
        for (int i = 0; i < Units * TSigns.UnitSize; i++)
            units[i] = i;
        // Which of the sums each lane wants, in eight vectors: ±1 with any place in its lowest bits says that to every kind of table.
        int* choices = stackalloc int[8 * TSimd.Width];
        for (int i = 0; i < 8 * TSimd.Width; i++)
            choices[i] = (i << 31) | 0x3F800000 | ((i * 7 + part) & 15);
        TSimd c0 = TSimd.Load((float*)choices), c1 = TSimd.Load((float*)choices + TSimd.Width);
        TSimd c2 = TSimd.Load((float*)choices + 2 * TSimd.Width), c3 = TSimd.Load((float*)choices + 3 * TSimd.Width);
        TSimd c4 = TSimd.Load((float*)choices + 4 * TSimd.Width), c5 = TSimd.Load((float*)choices + 5 * TSimd.Width);
        TSimd c6 = TSimd.Load((float*)choices + 6 * TSimd.Width), c7 = TSimd.Load((float*)choices + 7 * TSimd.Width);
        TSimd a = TSimd.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        for (int round = 0; round < Rounds; round++)
        {
            TSimd unit = TSigns.Expand(units + round % Units * TSigns.UnitSize);
            a = TSigns.MultiplyAdd(unit, c0, a);
            b = TSigns.MultiplyAdd(unit, c1, b);
            c = TSigns.MultiplyAdd(unit, c2, c);
            d = TSigns.MultiplyAdd(unit, c3, d);
            e = TSigns.MultiplyAdd(unit, c4, e);
            f = TSigns.MultiplyAdd(unit, c5, f);
            g = TSigns.MultiplyAdd(unit, c6, g);
            h = TSigns.MultiplyAdd(unit, c7, h);
        }

        float* lanes = stackalloc float[TSimd.Width];
        (a + b + (c + d) + (e + f + (g + h))).Store(lanes);
        Sums[part] = lanes[0];
    }
}

/// <summary>Adds up a block of singles, a number of times.</summary>
internal readonly unsafe struct ReadJob<TSimd> : IParallelJob where TSimd : unmanaged, ISimd<TSimd>
{
    public required int Rounds { get; init; }

    /// <summary>A part has Count of them, a multiple of eight vectors.</summary>
    public required float* Source { get; init; }

    public required long Count { get; init; }

    public required float* Sums { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int part, int worker)
    {
        float* start = Source + part * Count, end = start + Count;
        TSimd a = TSimd.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        for (int round = 0; round < Rounds; round++)
        {
            for (float* p = start; p < end; p += 8 * TSimd.Width)
            {
                a += TSimd.Load(p);
                b += TSimd.Load(p + TSimd.Width);
                c += TSimd.Load(p + 2 * TSimd.Width);
                d += TSimd.Load(p + 3 * TSimd.Width);
                e += TSimd.Load(p + 4 * TSimd.Width);
                f += TSimd.Load(p + 5 * TSimd.Width);
                g += TSimd.Load(p + 6 * TSimd.Width);
                h += TSimd.Load(p + 7 * TSimd.Width);
            }
        }

        float* lanes = stackalloc float[TSimd.Width];
        (a + b + (c + d) + (e + f + (g + h))).Store(lanes);
        Sums[part] = lanes[0];
    }
}

/// <summary>Copies the first half of a block of singles into the second, a number of times.</summary>
internal readonly unsafe struct CopyWithinJob<TSimd> : IParallelJob where TSimd : unmanaged, ISimd<TSimd>
{
    public required int Rounds { get; init; }

    /// <summary>A part has Count of them, a multiple of eight vectors.</summary>
    public required float* Source { get; init; }

    public required long Count { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int part, int worker)
    {
        float* start = Source + part * Count, end = start + Count / 2;
        for (int round = 0; round < Rounds; round++)
        {
            float* target = end;
            for (float* p = start; p < end; p += 4 * TSimd.Width, target += 4 * TSimd.Width)
            {
                TSimd a = TSimd.Load(p), b = TSimd.Load(p + TSimd.Width);
                TSimd c = TSimd.Load(p + 2 * TSimd.Width), d = TSimd.Load(p + 3 * TSimd.Width);
                a.Store(target);
                b.Store(target + TSimd.Width);
                c.Store(target + 2 * TSimd.Width);
                d.Store(target + 3 * TSimd.Width);
            }
        }
    }
}
