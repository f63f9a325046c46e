using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The inner loop of a real convolution: sums of eight result pixels, as two quads, by the channels of a panel, in registers. A run is a
/// stretch of source channels that lie one after another: the taps of one kernel row. A sum adds its products run after run in one chain
/// of fused multiply-adds, whichever tile it is part of.
/// </summary>
internal readonly unsafe struct RealTile<TSimd> where TSimd : unmanaged, ISimd<TSimd>
{
    /// <summary>Pixels of a quad, and of a tile.</summary>
    public const int Quad = 4, Pixels = 2 * Quad;

    /// <summary>Vectors of a panel at most.</summary>
    public const int Vectors = 2;

    /// <summary>Channels of a panel at most.</summary>
    public static int Widest => Vectors * TSimd.Width;

    /// <summary>Number of runs.</summary>
    public required int Runs { get; init; }

    /// <summary>Where each run of the first image's pixel 0 begins.</summary>
    public required float** Units { get; init; }

    /// <summary>The panel's weights of each run, [source channels, the panel's channels].</summary>
    public required float** Packed { get; init; }

    /// <summary>Source channels in a run.</summary>
    public required int Length { get; init; }

    /// <summary>Singles between the runs of neighbouring pixels.</summary>
    public required int Step { get; init; }

    /// <summary>Channels of the panel: two vectors, or one.</summary>
    public required int Width { get; init; }

    /// <summary>
    /// The sums of the quads that lie <paramref name="first"/> and <paramref name="second"/> singles from pixel 0, written to
    /// <paramref name="a"/> and <paramref name="b"/>, pixels <paramref name="outStep"/> apart.
    /// </summary>
    public void Compute(nint first, nint second, float* a, float* b, nint outStep)
    {
        if (Width == TSimd.Width)
            EightByOne(first, second, a, b, outStep);
        else
            EightByTwo(first, second, a, b, outStep);
    }

    /// <summary>The sums of one pixel, where there is no quad.</summary>
    public void One(nint at, float* output)
    {
        for (int channel = 0; channel < Width; channel += TSimd.Width)
        {
            TSimd sum = TSimd.Zero;
            for (int run = 0; run < Runs; run++)
            {
                float* u = Units[run] + at, p = Packed[run] + channel;
                for (float* end = u + Length; u < end; u++, p += Width)
                    sum = TSimd.MultiplyAdd(TSimd.Broadcast(*u), TSimd.Load(p), sum);
            }

            sum.Store(output + channel);
        }
    }

    private void EightByTwo(nint first, nint second, float* a, float* b, nint outStep)
    {
        TSimd a0 = TSimd.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        TSimd b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0, b6 = a0, b7 = a0;
        nint step = Step, apart = second - first;
        for (int run = 0; run < Runs; run++)
        {
            float* u = Units[run] + first, v = u + apart, p = Packed[run];
            for (float* end = u + Length; u < end; u++, v++, p += 2 * TSimd.Width)
            {
                TSimd w0 = TSimd.Load(p), w1 = TSimd.Load(p + TSimd.Width);
                TSimd x = TSimd.Broadcast(u[0]);
                (a0, b0) = (TSimd.MultiplyAdd(x, w0, a0), TSimd.MultiplyAdd(x, w1, b0));
                x = TSimd.Broadcast(u[step]);
                (a1, b1) = (TSimd.MultiplyAdd(x, w0, a1), TSimd.MultiplyAdd(x, w1, b1));
                x = TSimd.Broadcast(u[2 * step]);
                (a2, b2) = (TSimd.MultiplyAdd(x, w0, a2), TSimd.MultiplyAdd(x, w1, b2));
                x = TSimd.Broadcast(u[3 * step]);
                (a3, b3) = (TSimd.MultiplyAdd(x, w0, a3), TSimd.MultiplyAdd(x, w1, b3));
                x = TSimd.Broadcast(v[0]);
                (a4, b4) = (TSimd.MultiplyAdd(x, w0, a4), TSimd.MultiplyAdd(x, w1, b4));
                x = TSimd.Broadcast(v[step]);
                (a5, b5) = (TSimd.MultiplyAdd(x, w0, a5), TSimd.MultiplyAdd(x, w1, b5));
                x = TSimd.Broadcast(v[2 * step]);
                (a6, b6) = (TSimd.MultiplyAdd(x, w0, a6), TSimd.MultiplyAdd(x, w1, b6));
                x = TSimd.Broadcast(v[3 * step]);
                (a7, b7) = (TSimd.MultiplyAdd(x, w0, a7), TSimd.MultiplyAdd(x, w1, b7));
            }
        }

        Store(a, outStep, a0, a1, a2, a3);
        Store(a + TSimd.Width, outStep, b0, b1, b2, b3);
        Store(b, outStep, a4, a5, a6, a7);
        Store(b + TSimd.Width, outStep, b4, b5, b6, b7);
    }

    private void EightByOne(nint first, nint second, float* a, float* b, nint outStep)
    {
        TSimd a0 = TSimd.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        nint step = Step, apart = second - first;
        for (int run = 0; run < Runs; run++)
        {
            float* u = Units[run] + first, v = u + apart, p = Packed[run];
            for (float* end = u + Length; u < end; u++, v++, p += TSimd.Width)
            {
                TSimd w = TSimd.Load(p);
                a0 = TSimd.MultiplyAdd(TSimd.Broadcast(u[0]), w, a0);
                a1 = TSimd.MultiplyAdd(TSimd.Broadcast(u[step]), w, a1);
                a2 = TSimd.MultiplyAdd(TSimd.Broadcast(u[2 * step]), w, a2);
                a3 = TSimd.MultiplyAdd(TSimd.Broadcast(u[3 * step]), w, a3);
                a4 = TSimd.MultiplyAdd(TSimd.Broadcast(v[0]), w, a4);
                a5 = TSimd.MultiplyAdd(TSimd.Broadcast(v[step]), w, a5);
                a6 = TSimd.MultiplyAdd(TSimd.Broadcast(v[2 * step]), w, a6);
                a7 = TSimd.MultiplyAdd(TSimd.Broadcast(v[3 * step]), w, a7);
            }
        }

        Store(a, outStep, a0, a1, a2, a3);
        Store(b, outStep, a4, a5, a6, a7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, nint step, TSimd a, TSimd b, TSimd c, TSimd d)
    {
        a.Store(to);
        b.Store(to + step);
        c.Store(to + 2 * step);
        d.Store(to + 3 * step);
    }
}
