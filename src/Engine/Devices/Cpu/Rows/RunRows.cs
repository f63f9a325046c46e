using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Convolutions of a real operand, row by row.</summary>
internal unsafe partial class CpuKernels<TSimd>
{
    private static long RealRowsBytes(in RowPlan plan, int workers) => sizeof(float)
        * (ConvRowsJob<TSimd, RealProduct<TSimd>, IdentitySlope>.PackedFloats(plan)
            + workers * ConvRowsJob<TSimd, RealProduct<TSimd>, IdentitySlope>.WorkerFloats(plan));

    protected static long SignRowsBytes(in RowPlan plan, int workers) => UsesTables
        ? sizeof(float) * (ConvRowsJob<Simd512, TableProduct, IdentitySlope>.PackedFloats(plan)
            + workers * ConvRowsJob<Simd512, TableProduct, IdentitySlope>.WorkerFloats(plan))
        : RealRowsBytes(plan, workers);

    private void RunSignRows<TSlope>(in RowPlan plan, float* source, uint* wBits, in ConvGeometry g, bool transposed, float factor, TSlope slope,
        float* x, float* target, GradMode mode, Tensor scratch) where TSlope : unmanaged, ISlope<TSlope>
    {
        float* packed = Reals(scratch);
        if (UsesTables)
        {
            PackNibbles(plan, wBits, g, transposed, (int*)packed);
            RunRows<Simd512, TableProduct, TSlope>(plan, source, packed, factor, slope, x, target, mode);
        }
        else
        {
            PackSigns(plan, wBits, g, transposed, packed);
            RunRows<TSimd, RealProduct<TSimd>, TSlope>(plan, source, packed, factor, slope, x, target, mode);
        }
    }

    private void RunRows<T, TProduct, TSlope>(in RowPlan plan, float* source, float* packed, float factor, TSlope slope, float* x, float* target,
        GradMode mode)
        where T : unmanaged, ISimd<T>
        where TProduct : unmanaged, IProduct<T>
        where TSlope : unmanaged, ISlope<TSlope>
    {
        var job = new ConvRowsJob<T, TProduct, TSlope>
        {
            Plan = plan,
            Source = source,
            Packed = packed,
            Scratch = packed + ConvRowsJob<T, TProduct, TSlope>.PackedFloats(plan),
            Factor = factor,
            Slope = slope,
            X = x,
            Target = target,
            Mode = mode,
        };
        threads.Run(ref job, plan.Images);
    }

    /// <summary>Signs of w as ±1, laid out as <see cref="PackReal"/> does.</summary>
    private static void PackSigns(in RowPlan plan, uint* wBits, in ConvGeometry g, bool transposed, float* packed)
    {
        int padded = ConvRowsJob<TSimd, RealProduct<TSimd>, IdentitySlope>.PaddedChannels(plan);
        for (int a = 0; a < g.K; a++)
            for (int phase = 0; phase < plan.Phases; phase++)
                for (int t = 0; t < plan.Taps(phase); t++)
                    for (int s = 0; s < plan.SourceChannels; s++, packed += padded)
                    {
                        for (int c = 0; c < padded; c++)
                            packed[c] = c < plan.Channels ? WeightSign(wBits, g, transposed ? s : c, a, plan.Tap(phase, t), transposed ? c : s) : 0;
                    }
    }

    /// <summary>The sign bits of four source channels as one number for each result channel, in the order of <see cref="PackReal"/>.</summary>
    protected static void PackNibbles(in RowPlan plan, uint* wBits, in ConvGeometry g, bool transposed, int* packed)
    {
        int padded = ConvRowsJob<Simd512, TableProduct, IdentitySlope>.PaddedChannels(plan);
        for (int a = 0; a < g.K; a++)
            for (int phase = 0; phase < plan.Phases; phase++)
                for (int t = 0; t < plan.Taps(phase); t++)
                    for (int s = 0; s < plan.SourceChannels; s += 4, packed += padded)
                    {
                        new Span<int>(packed, padded).Clear();
                        for (int k = 0; k < 4 && s + k < plan.SourceChannels; k++)
                            for (int c = 0; c < plan.Channels; c++)
                                packed[c] |= WeightSign(wBits, g, transposed ? s + k : c, a, plan.Tap(phase, t), transposed ? c : s + k) < 0 ? 1 << k : 0;
                    }
    }

    private static int WeightSign(uint* bits, in ConvGeometry g, int o, int a, int b, int i) =>
        Bits.Sign(bits + (((long)o * g.K + a) * g.K + b) * Bits.Words(g.I), i);
}
