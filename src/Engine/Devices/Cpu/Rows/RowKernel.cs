using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The inner loop of every convolution of a real operand by signs: for output pixels of one row and a panel of output channels,
/// out[p] = sum over runs and units of unit(a, p) times packed. A run is a stretch of units that lie one after another in a laid-out row:
/// the taps of one kernel row.
/// </summary>
internal readonly unsafe struct RowKernel<TSimd, TProduct>
    where TSimd : unmanaged, ISimd<TSimd>
    where TProduct : struct, IProduct<TSimd>
{
    /// <summary>Number of runs.</summary>
    public required int Runs { get; init; }

    /// <summary>Start of each run's first unit for pixel 0.</summary>
    public required float** Units { get; init; }

    /// <summary>The panel's packed operand, [units, width].</summary>
    public required float* Packed { get; init; }

    /// <summary>Where in it each run begins, in units.</summary>
    public required int* PackedUnits { get; init; }

    /// <summary>Units in a run.</summary>
    public required int Length { get; init; }

    /// <summary>Singles between the units of neighbouring output pixels.</summary>
    public required int PixelStep { get; init; }

    /// <summary>Singles between output pixels.</summary>
    public required int OutStep { get; init; }

    /// <summary>Computes a number of output pixels with a panel of two vectors.</summary>
    public void TwoVectors(int pixels, float* output)
    {
        int p = 0;
        for (; p + 4 <= pixels; p += 4)
            FourByTwo(p, output);
        for (; p < pixels; p++)
        {
            One(p, 0, 2 * TSimd.Width, output);
            One(p, TSimd.Width, 2 * TSimd.Width, output);
        }
    }

    /// <summary>The same with one.</summary>
    public void OneVector(int pixels, float* output)
    {
        int p = 0;
        for (; p + 8 <= pixels; p += 8)
            EightByOne(p, output);
        for (; p < pixels; p++)
            One(p, 0, TSimd.Width, output);
    }

    private void FourByTwo(int pixel, float* output)
    {
        TSimd a0 = TSimd.Zero, a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
        int step = PixelStep, stride = 2 * TSimd.Width, unitSize = TProduct.UnitSize, length = Length;
        for (int run = 0; run < Runs; run++)
        {
            float* unit = Units[run] + (nint)pixel * step, packed = Packed + (nint)PackedUnits[run] * stride;
            for (int i = 0; i < length; i++, unit += unitSize, packed += stride)
            {
                TSimd p0 = TSimd.Load(packed), p1 = TSimd.Load(packed + TSimd.Width);
                TSimd u = TProduct.Expand(unit);
                a0 = TProduct.MultiplyAdd(u, p0, a0);
                a1 = TProduct.MultiplyAdd(u, p1, a1);
                u = TProduct.Expand(unit + step);
                b0 = TProduct.MultiplyAdd(u, p0, b0);
                b1 = TProduct.MultiplyAdd(u, p1, b1);
                u = TProduct.Expand(unit + 2 * step);
                c0 = TProduct.MultiplyAdd(u, p0, c0);
                c1 = TProduct.MultiplyAdd(u, p1, c1);
                u = TProduct.Expand(unit + 3 * step);
                d0 = TProduct.MultiplyAdd(u, p0, d0);
                d1 = TProduct.MultiplyAdd(u, p1, d1);
            }
        }

        float* o = output + (nint)pixel * OutStep;
        a0.Store(o);
        a1.Store(o + TSimd.Width);
        b0.Store(o + OutStep);
        b1.Store(o + OutStep + TSimd.Width);
        c0.Store(o + 2 * OutStep);
        c1.Store(o + 2 * OutStep + TSimd.Width);
        d0.Store(o + 3 * OutStep);
        d1.Store(o + 3 * OutStep + TSimd.Width);
    }

    private void EightByOne(int pixel, float* output)
    {
        TSimd a = TSimd.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        int step = PixelStep, stride = TSimd.Width, unitSize = TProduct.UnitSize, length = Length;
        for (int run = 0; run < Runs; run++)
        {
            float* unit = Units[run] + (nint)pixel * step, packed = Packed + (nint)PackedUnits[run] * stride;
            for (int i = 0; i < length; i++, unit += unitSize, packed += stride)
            {
                TSimd w = TSimd.Load(packed);
                a = TProduct.MultiplyAdd(TProduct.Expand(unit), w, a);
                b = TProduct.MultiplyAdd(TProduct.Expand(unit + step), w, b);
                c = TProduct.MultiplyAdd(TProduct.Expand(unit + 2 * step), w, c);
                d = TProduct.MultiplyAdd(TProduct.Expand(unit + 3 * step), w, d);
                e = TProduct.MultiplyAdd(TProduct.Expand(unit + 4 * step), w, e);
                f = TProduct.MultiplyAdd(TProduct.Expand(unit + 5 * step), w, f);
                g = TProduct.MultiplyAdd(TProduct.Expand(unit + 6 * step), w, g);
                h = TProduct.MultiplyAdd(TProduct.Expand(unit + 7 * step), w, h);
            }
        }

        float* o = output + (nint)pixel * OutStep;
        a.Store(o);
        b.Store(o + OutStep);
        c.Store(o + 2 * OutStep);
        d.Store(o + 3 * OutStep);
        e.Store(o + 4 * OutStep);
        f.Store(o + 5 * OutStep);
        g.Store(o + 6 * OutStep);
        h.Store(o + 7 * OutStep);
    }

    private void One(int pixel, int channel, int width, float* output)
    {
        TSimd sum = TSimd.Zero;
        for (int run = 0; run < Runs; run++)
        {
            float* unit = Units[run] + (nint)pixel * PixelStep, packed = Packed + (nint)PackedUnits[run] * width + channel;
            for (int i = 0; i < Length; i++, unit += TProduct.UnitSize, packed += width)
                sum = TProduct.MultiplyAdd(TProduct.Expand(unit), TSimd.Load(packed), sum);
        }

        sum.Store(output + (nint)pixel * OutStep + channel);
    }
}
