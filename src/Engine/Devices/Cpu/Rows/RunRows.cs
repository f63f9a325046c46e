using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Convolutions of a real operand, row by row, and the working memory they take.</summary>
internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    protected static long RowsBytes<TProduct>(in RowPlan plan, int workers) where TProduct : unmanaged, IProduct<TSimd> => sizeof(float)
        * (ConvRowsJob<TSimd, TProduct, IdentitySlope>.PackedFloats(plan)
            + workers * ConvRowsJob<TSimd, TProduct, IdentitySlope>.WorkerFloats(plan));

    /// <summary>Convolves with the operand that lies packed at the start of the working memory.</summary>
    private void RunRows<TProduct, TSlope>(in RowPlan plan, float* source, float* packed, float factor, TSlope slope, float* x,
        float* target, GradMode mode)
        where TProduct : unmanaged, IProduct<TSimd>
        where TSlope : unmanaged, ISlope<TSlope>
    {
        ConvRowsJob<TSimd, TProduct, TSlope> job = RowsJob<TProduct, TSlope>(plan, source, packed, factor, slope, x, target, mode);
        threads.Run(ref job, plan.Images);
    }

    protected static ConvRowsJob<TSimd, TProduct, TSlope> RowsJob<TProduct, TSlope>(in RowPlan plan, float* source, float* packed,
        float factor, TSlope slope, float* x, float* target, GradMode mode)
        where TProduct : unmanaged, IProduct<TSimd>
        where TSlope : unmanaged, ISlope<TSlope> => new()
        {
            Plan = plan,
            Source = source,
            Packed = packed,
            Scratch = packed + ConvRowsJob<TSimd, TProduct, TSlope>.PackedFloats(plan),
            Factor = factor,
            Slope = slope,
            X = x,
            Target = target,
            Mode = mode,
        };
}
