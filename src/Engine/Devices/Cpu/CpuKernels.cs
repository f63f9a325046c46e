using System.Runtime.Intrinsics.X86;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>The operations in C# SIMD, one file an operation, written once for every vector width. What several files share stands here.</summary>
/// <typeparam name="TSimd">The vector of singles.</typeparam>
/// <param name="threads">Who does the work.</param>
internal unsafe partial class CpuKernels<TSimd>(CpuThreads threads) : IKernels, IDisposable where TSimd : unmanaged, ISimd<TSimd>
{
    /// <summary>
    /// Into how many parts a reduction is cut, at most: fixed, so that the order of additions does not depend on the number of threads, and enough
    /// to keep sixteen of them busy.
    /// </summary>
    protected const int MaximalSlices = 16;

    /// <summary>Whether real times ±1 goes through <see cref="TableProduct"/>.</summary>
    private static bool UsesTables => typeof(TSimd) == typeof(Simd512) && Avx512F.IsSupported && Bmi2.X64.IsSupported;

    private readonly ChannelBuffer _channels = new();

    protected CpuThreads Threads => threads;

    protected ChannelBuffer Channels => _channels;

    public void Dispose() => _channels.Dispose();

    public virtual long ScratchBytes(ScratchUse use, in ConvGeometry g) => use switch
    {
        ScratchUse.ConvForward => RealRowsBytes(RowPlan.Forward(g), threads.Count),
        ScratchUse.ConvInputGrad => RealRowsBytes(RowPlan.Transposed(g), threads.Count),
        ScratchUse.ConvWeightGrad => RealWeightGradBytes(g, threads.Count),
        ScratchUse.BinaryConvForward => XnorBytes(g),
        ScratchUse.SignConvForward => SignRowsBytes(RowPlan.Forward(g), threads.Count),
        ScratchUse.BinaryConvInputGrad => SignRowsBytes(RowPlan.Transposed(g), threads.Count),
        ScratchUse.BinaryConvWeightGrad => BinaryWeightGradBytes(g, threads.Count),
        _ => throw new ArgumentOutOfRangeException(nameof(use)),
    };

    // Batch norm's sums go through the channel buffer.
    public long ScratchBytes(ScratchUse use, Shape x) => use == ScratchUse.ChannelScaleBackward ? ChannelScaleBytes(x) : 0;

    /// <summary>The rows of [.., C] in the slices of every sum over them.</summary>
    protected static Slices SliceRows(Shape x) => new(x.Rows, ChannelBuffer.MaximalSlices);

    private void RunPointwise<TOp>(TOp op, Tensor tensor) where TOp : unmanaged, IPointwise
    {
        var job = new PointwiseJob<TSimd, TOp> { Slices = new Slices(tensor.Shape.Count, ChannelBuffer.MaximalSlices), Op = op };
        threads.Run(ref job, job.Slices.Count);
    }

    protected static float* Reals(Tensor tensor) => tensor.As<float>();

    protected static SlopeParameters ReadSlope(Tensor parameters)
    {
        float* p = Reals(parameters);
        return new SlopeParameters(p[0], p[1], p[2], p[3]);
    }

    /// <summary>What multiplies a sum: a layer's scale, or 1.</summary>
    protected static float Factor(Tensor? scale) => scale == null ? 1 : *Reals(scale);
}
