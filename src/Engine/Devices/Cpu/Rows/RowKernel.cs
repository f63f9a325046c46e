using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The inner loop of every convolution of a real operand by signs: for output pixels of one row and a panel of output channels,
/// out[p] = sum over runs and units of unit(a, p) times packed. A run is a stretch of units that lie one after another in a laid-out row:
/// the taps of one kernel row. A sum adds its products one after another, whichever tile it is part of.
/// </summary>
internal readonly unsafe struct RowKernel<TSimd, TProduct>
    where TSimd : unmanaged, ISimd<TSimd>
    where TProduct : struct, IProduct<TSimd>
{
    /// <summary>Number of runs.</summary>
    public required int Runs { get; init; }

    /// <summary>Start of each run's first unit for pixel 0.</summary>
    public required float** Units { get; init; }

    /// <summary>The panel's packed operand.</summary>
    public required float* Packed { get; init; }

    /// <summary>Where in it each run begins, in units.</summary>
    public required int* PackedUnits { get; init; }

    /// <summary>Output channels of the panel, whole vectors.</summary>
    public required int Width { get; init; }

    /// <summary>Units in a run.</summary>
    public required int Length { get; init; }

    /// <summary>Singles between the units of neighbouring output pixels.</summary>
    public required int PixelStep { get; init; }

    /// <summary>Singles between output pixels.</summary>
    public required int OutStep { get; init; }

    /// <summary>Singles of a result channel's packed operand.</summary>
    public static long PackedSingles(in RowPlan plan)
    {
        long units = (long)plan.Kernel * plan.Kernel * plan.UnitsPerPixel(TProduct.ChannelsPerUnit);
        return (units + TProduct.UnitsPerLane - 1) / TProduct.UnitsPerLane;
    }

    /// <summary>Computes a number of output pixels: in tiles, the last of which may repeat some of the one before it.</summary>
    public void Run(int pixels, float* output)
    {
        for (int channel = 0, vectors; channel < Width; channel += vectors * TSimd.Width)
        {
            int left = (Width - channel) / TSimd.Width;
            vectors = left >= 4 && TProduct.PanelVectors >= 4 ? 4 : left >= 2 ? 2 : 1;
            int tile = vectors == 1 ? 8 : 4;
            if (pixels < tile)
                Singly(pixels, channel, vectors, output);
            for (int p = 0; p < pixels && pixels >= tile; p += tile)
                Tile(Math.Min(p, pixels - tile), channel, vectors, output);
        }
    }

    private void Tile(int pixel, int channel, int vectors, float* output)
    {
        if (vectors == 4)
            FourByFour(pixel, channel, output);
        else if (vectors == 2)
            FourByTwo(pixel, channel, output);
        else
            EightByOne(pixel, channel, output);
    }

    private void FourByFour(int pixel, int channel, float* output)
    {
        TSimd a0 = TSimd.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        TSimd c0 = a0, c1 = a0, c2 = a0, c3 = a0, d0 = a0, d1 = a0, d2 = a0, d3 = a0;
        nint step = PixelStep, step2 = 2 * step, step3 = 3 * step, stride = Width;
        float* panel = Packed + channel;
        int width = TSimd.Width;
        for (int run = 0; run < Runs; run++)
        {
            float* unit = Units[run] + (nint)pixel * step;
            for (int i = PackedUnits[run], end = i + Length; i < end; i++, unit += TProduct.UnitSize)
            {
                float* packed = At(panel, i, stride);
                TSimd p0 = TSimd.Load(packed), p1 = TSimd.Load(packed + width);
                TSimd p2 = TSimd.Load(packed + 2 * width), p3 = TSimd.Load(packed + 3 * width);
                TSimd u = TProduct.Expand(unit);
                a0 = TProduct.MultiplyAdd(u, p0, a0);
                a1 = TProduct.MultiplyAdd(u, p1, a1);
                a2 = TProduct.MultiplyAdd(u, p2, a2);
                a3 = TProduct.MultiplyAdd(u, p3, a3);
                u = TProduct.Expand(unit + step);
                b0 = TProduct.MultiplyAdd(u, p0, b0);
                b1 = TProduct.MultiplyAdd(u, p1, b1);
                b2 = TProduct.MultiplyAdd(u, p2, b2);
                b3 = TProduct.MultiplyAdd(u, p3, b3);
                u = TProduct.Expand(unit + step2);
                c0 = TProduct.MultiplyAdd(u, p0, c0);
                c1 = TProduct.MultiplyAdd(u, p1, c1);
                c2 = TProduct.MultiplyAdd(u, p2, c2);
                c3 = TProduct.MultiplyAdd(u, p3, c3);
                u = TProduct.Expand(unit + step3);
                d0 = TProduct.MultiplyAdd(u, p0, d0);
                d1 = TProduct.MultiplyAdd(u, p1, d1);
                d2 = TProduct.MultiplyAdd(u, p2, d2);
                d3 = TProduct.MultiplyAdd(u, p3, d3);
            }
        }

        float* o = output + (nint)pixel * OutStep + channel;
        StoreTwo(a0, a1, o);
        StoreTwo(a2, a3, o + 2 * width);
        StoreTwo(b0, b1, o + OutStep);
        StoreTwo(b2, b3, o + OutStep + 2 * width);
        StoreTwo(c0, c1, o + 2 * OutStep);
        StoreTwo(c2, c3, o + 2 * OutStep + 2 * width);
        StoreTwo(d0, d1, o + 3 * OutStep);
        StoreTwo(d2, d3, o + 3 * OutStep + 2 * width);
    }

    private void FourByTwo(int pixel, int channel, float* output)
    {
        TSimd a0 = TSimd.Zero, a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
        nint step = PixelStep, step2 = 2 * step, step3 = 3 * step, stride = Width;
        float* panel = Packed + channel;
        for (int run = 0; run < Runs; run++)
        {
            float* unit = Units[run] + (nint)pixel * step;
            for (int i = PackedUnits[run], end = i + Length; i < end; i++, unit += TProduct.UnitSize)
            {
                float* packed = At(panel, i, stride);
                TSimd p0 = TSimd.Load(packed), p1 = TSimd.Load(packed + TSimd.Width);
                TSimd u = TProduct.Expand(unit);
                a0 = TProduct.MultiplyAdd(u, p0, a0);
                a1 = TProduct.MultiplyAdd(u, p1, a1);
                u = TProduct.Expand(unit + step);
                b0 = TProduct.MultiplyAdd(u, p0, b0);
                b1 = TProduct.MultiplyAdd(u, p1, b1);
                u = TProduct.Expand(unit + step2);
                c0 = TProduct.MultiplyAdd(u, p0, c0);
                c1 = TProduct.MultiplyAdd(u, p1, c1);
                u = TProduct.Expand(unit + step3);
                d0 = TProduct.MultiplyAdd(u, p0, d0);
                d1 = TProduct.MultiplyAdd(u, p1, d1);
            }
        }

        float* o = output + (nint)pixel * OutStep + channel;
        StoreTwo(a0, a1, o);
        StoreTwo(b0, b1, o + OutStep);
        StoreTwo(c0, c1, o + 2 * OutStep);
        StoreTwo(d0, d1, o + 3 * OutStep);
    }

    private void EightByOne(int pixel, int channel, float* output)
    {
        TSimd a = TSimd.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        nint step = PixelStep, step2 = 2 * step, step3 = 3 * step, stride = Width;
        float* panel = Packed + channel;
        for (int run = 0; run < Runs; run++)
        {
            float* unit = Units[run] + (nint)pixel * step;
            for (int i = PackedUnits[run], end = i + Length; i < end; i++, unit += TProduct.UnitSize)
            {
                TSimd w = TSimd.Load(At(panel, i, stride));
                a = TProduct.MultiplyAdd(TProduct.Expand(unit), w, a);
                b = TProduct.MultiplyAdd(TProduct.Expand(unit + step), w, b);
                c = TProduct.MultiplyAdd(TProduct.Expand(unit + step2), w, c);
                d = TProduct.MultiplyAdd(TProduct.Expand(unit + step3), w, d);
                float* half = unit + 4 * step;
                e = TProduct.MultiplyAdd(TProduct.Expand(half), w, e);
                f = TProduct.MultiplyAdd(TProduct.Expand(half + step), w, f);
                g = TProduct.MultiplyAdd(TProduct.Expand(half + step2), w, g);
                h = TProduct.MultiplyAdd(TProduct.Expand(half + step3), w, h);
            }
        }

        float* o = output + (nint)pixel * OutStep + channel;
        a.Store(o);
        b.Store(o + OutStep);
        c.Store(o + 2 * OutStep);
        d.Store(o + 3 * OutStep);
        e.Store(o + 4 * OutStep);
        f.Store(o + 5 * OutStep);
        g.Store(o + 6 * OutStep);
        h.Store(o + 7 * OutStep);
    }

    /// <summary>A few pixels and some vectors, one by one.</summary>
    private void Singly(int pixels, int channel, int vectors, float* output)
    {
        for (int p = 0; p < pixels; p++)
            for (int v = 0; v < vectors; v++)
                One(p, channel + v * TSimd.Width, output);
    }

    private void One(int pixel, int channel, float* output)
    {
        TSimd sum = TSimd.Zero;
        for (int run = 0; run < Runs; run++)
        {
            float* unit = Units[run] + (nint)pixel * PixelStep;
            for (int i = 0; i < Length; i++, unit += TProduct.UnitSize)
                sum = TProduct.MultiplyAdd(TProduct.Expand(unit), TSimd.Load(At(Packed + channel, PackedUnits[run] + i, Width)), sum);
        }

        sum.Store(output + (nint)pixel * OutStep + channel);
    }

    /// <summary>What is packed for a unit, so that its own byte of a lane comes first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* At(float* packed, int unit, nint width) =>
        (float*)((byte*)(packed + (nint)((uint)unit / (uint)TProduct.UnitsPerLane) * width) + (uint)unit % (uint)TProduct.UnitsPerLane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreTwo(TSimd first, TSimd second, float* output)
    {
        first.Store(output);
        second.Store(output + TSimd.Width);
    }
}
