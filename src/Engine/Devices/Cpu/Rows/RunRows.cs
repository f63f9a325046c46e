using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Convolutions of a real operand, row by row, and the working memory they take.</summary>
internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    private static long RowsBytes<TProduct>(in RowPlan plan, int workers) where TProduct : unmanaged, IProduct<TSimd> =>
        ConvRowsJob<TSimd, TProduct, SlopeFinish<TSimd, IdentitySlope>>.Bytes(plan, workers);

    /// <summary>Packs the signs of the weights at the start of the working memory.</summary>
    protected void PackSigns(in RowPlan plan, Tensor wBits, in ConvGeometry g, bool transposed, float* packed)
    {
        var panels = new SignPanels<TSimd, TSigns>
        {
            Plan = plan,
            Geometry = g,
            Signs = wBits.As<uint>(),
            Transposed = transposed,
            Packed = packed,
        };
        threads.Run(ref panels, Panel<TSimd>.Count(plan, TSigns.PanelVectors));
    }

    /// <summary>Convolves with the operand that lies packed at the start of the working memory.</summary>
    private void RunRows<TProduct, TSlope>(in RowPlan plan, float* source, float* packed, float factor, TSlope slope, float* x,
        float* target, GradMode mode)
        where TProduct : unmanaged, IProduct<TSimd>
        where TSlope : unmanaged, ISlope<TSlope>
    {
        var finish = new SlopeFinish<TSimd, TSlope> { Factor = factor, Slope = slope, X = x, Target = target, Mode = mode };
        ConvRowsJob<TSimd, TProduct, SlopeFinish<TSimd, TSlope>> job =
            RowsJob<TProduct, SlopeFinish<TSimd, TSlope>>(plan, source, packed, finish);
        threads.Run(ref job, plan.Images);
    }

    protected static ConvRowsJob<TSimd, TProduct, TFinish> RowsJob<TProduct, TFinish>(in RowPlan plan, float* source, float* packed,
        TFinish finish)
        where TProduct : unmanaged, IProduct<TSimd>
        where TFinish : unmanaged, IRowFinish => new()
        {
            Plan = plan,
            Source = source,
            Packed = packed,
            Scratch = packed + ConvRowsJob<TSimd, TProduct, TFinish>.PackedFloats(plan),
            Finish = finish,
        };
}
