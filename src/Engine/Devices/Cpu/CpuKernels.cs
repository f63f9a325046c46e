using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The operations in C# SIMD, one file an operation, written once for every vector width. A width is the four types below, which
/// <see cref="CpuDevice"/> chooses together from what the processor can do; nothing else asks. What several files share stands here.
/// </summary>
/// <typeparam name="TSimd">The vector of singles.</typeparam>
/// <typeparam name="TBits">The vector of words of signs.</typeparam>
/// <typeparam name="TSigns">How reals are multiplied by packed signs.</typeparam>
/// <typeparam name="TGrad">How the weight gradient of packed signs is summed.</typeparam>
/// <param name="threads">Who does the work.</param>
internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>(CpuThreads threads) : IKernels, ICpuRates
    where TSimd : unmanaged, ISimd<TSimd>
    where TBits : unmanaged, IBitSimd<TBits>
    where TSigns : unmanaged, ISignProduct<TSimd>
    where TGrad : unmanaged, IWeightGrad
{
    /// <summary>
    /// Into how many parts a sum over images or rows is cut, at most: fixed, so that the order of additions does not depend on the number
    /// of threads, and enough to keep sixteen of them busy.
    /// </summary>
    protected const int ImageSlices = 16, RowSlices = 64;

    protected CpuThreads Threads => threads;

    public long ScratchBytes(ScratchUse use, in ConvGeometry g) => use switch
    {
        ScratchUse.ConvForward => RealConvBytes(RowPlan.Forward(g), threads.Count),
        ScratchUse.ConvInputGrad => RealConvBytes(RowPlan.Transposed(g), threads.Count),
        ScratchUse.ConvWeightGrad => WeightGradBytes<RealWeightGrad<TSimd>>(g, threads.Count),
        ScratchUse.BinaryConvForward => XnorBytes(g),
        ScratchUse.SignConvForward => RowsBytes<TSigns>(RowPlan.Forward(g), threads.Count),
        ScratchUse.BinaryConvInputGrad => RowsBytes<TSigns>(RowPlan.Transposed(g), threads.Count),
        ScratchUse.BinaryConvWeightGrad => WeightGradBytes<TGrad>(g, threads.Count),
        ScratchUse.BinaryUnitForward => UnitForwardBytes(g, threads.Count),
        ScratchUse.BinaryUnitBackward => UnitBackwardBytes(g, threads.Count),
        _ => throw new ArgumentOutOfRangeException(nameof(use)),
    };

    public long ScratchBytes(ScratchUse use, Shape x) => use switch
    {
        ScratchUse.BatchNormForward or ScratchUse.BatchNormBackward => ChannelMemory.Bytes(SliceRows(x).Count, x.Last),
        ScratchUse.ChannelScaleBackward => ChannelScaleBytes(x),
        _ => throw new ArgumentOutOfRangeException(nameof(use)),
    };

    /// <summary>The slices of every sum over the rows of [.., C].</summary>
    private static Slices SliceRows(Shape x) => new(x.Rows, RowSlices);

    private void RunPointwise<TOp>(TOp op, Tensor tensor) where TOp : unmanaged, IPointwise
    {
        var job = new PointwiseJob<TSimd, TOp> { Slices = new Slices(tensor.Shape.Count, RowSlices), Op = op };
        threads.Run(ref job, job.Slices.Count);
    }

    protected static float* Reals(Tensor tensor) => tensor.As<float>();

    private static float* RealsOrNull(Tensor? tensor) => tensor == null ? null : Reals(tensor);

    protected static SlopeParameters ReadSlope(Tensor parameters)
    {
        float* p = Reals(parameters);
        return new SlopeParameters(p[0], p[1], p[2], p[3]);
    }

    /// <summary>What multiplies a sum: a layer's scale, or 1.</summary>
    private static float Factor(Tensor? scale) => scale == null ? 1 : *Reals(scale);
}
