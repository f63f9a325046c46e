using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The operations with the unit of binary networks fused: what the single operations do one after another over the whole batch is done a
/// few images at a time, which stay in the second-level cache. The convolution is kept as counts of 16 bits. In training alone: evaluation
/// has an operation of its own, <see cref="IBinaryUnitEvaluation"/>.
/// </summary>
internal sealed unsafe class FusedKernels<TSimd, TBits, TSigns, TGrad>(CpuThreads threads)
    : CpuKernels<TSimd, TBits, TSigns, TGrad>(threads), IBinaryUnit
    where TSimd : unmanaged, ISimd<TSimd>
    where TBits : unmanaged, IBitSimd<TBits>
    where TSigns : unmanaged, ISignProduct<TSimd>
    where TGrad : unmanaged, IWeightGrad
{
    // Parts of a large layer's output channels: each finds the choices of all images again, so that there are few a thread.
    private int BlockSlices => Math.Min(2 * Threads.Count, ImageSlices);

    public ElementType? UnitConvType => ElementType.Int16;

    public bool FusesUnit(in ConvGeometry g) => CountPlan.Suits(g);

    public void BinaryUnitForward(BinaryUnitArguments u)
    {
        ConvGeometry g = u.Geometry;
        var plan = new CountPlan(g);
        var memory = new UnitForwardMemory<TSimd, TBits>(plan, Threads.Count, UnitSlices(g).Count, u.ForwardScratch!.As<byte>());
        var weights = new CountWeights<TBits>(plan, u.WSigns.As<uint>(), memory.Weights);
        Threads.Run(ref weights, weights.Blocks);
        var counts = new CountImage<TBits, CountSums<TBits>>
        {
            Weights = weights,
            X = u.XSigns.As<uint>(),
            Memory = memory.Images,
            Sink = new CountSums<TBits> { Geometry = g, Counts = u.Conv.As<short>(), Sums = null, Pixels = plan.PixelsASum },
        };
        Slices slices = UnitSlices(g);
        var job = new UnitCountJob<TBits> { Counts = counts, Slices = slices, Sums = memory.Sums };
        Threads.Run(ref job, slices.Count);
        memory.Norm.SetStatistics(u, memory.Sums);
        var apply = new UnitApplyJob<TSimd>
        {
            Slices = slices,
            Apply = new UnitApply<TSimd>
            {
                Shape = g.Output,
                Counts = counts.Sink.Counts,
                Norm = memory.Norm,
                Shortcut = u.PaddedShortcut != null || u.Shortcut == null ? null : Reals(u.Shortcut),
                Padded = PaddedShortcut.Of(u.PaddedShortcut),
                Y = u.StoresY ? Reals(u.Y) : null,
                Signs = u.YSigns.As<uint>(),
                Memory = memory.Rows,
            },
        };
        Threads.Run(ref apply, slices.Count);
    }

    public void BinaryUnitBackward(BinaryUnitArguments u)
    {
        UnitBackwardMemory<TSimd, TSigns, TGrad> memory = BackwardMemory(u);
        if (!u.SumsAreGiven)
            SumGradients(u, memory);
        memory.Norm.SetGradient(u);
        u.Slope.Run(ReadSlope(u.SlopeParameters), new Differentiation(this, u, memory));
        if (u.GivesSums)
            memory.NormBefore.GiveGradients(u.Previous!, memory.SumsBefore);
    }

    private UnitBackwardMemory<TSimd, TSigns, TGrad> BackwardMemory(BinaryUnitArguments u) =>
        new(u.Geometry, Threads.Count, UnitSlices(u.Geometry).Count, SliceImages(u.Geometry).Count, u.BackwardScratch!.As<byte>());

    private void SumGradients(BinaryUnitArguments u, in UnitBackwardMemory<TSimd, TSigns, TGrad> memory)
    {
        Slices slices = UnitSlices(u.Geometry);
        memory.Norm.SetKept(u);
        var sums = new UnitGradientSumsJob<TSimd> { Gradient = Gradient(u, memory.Norm), Slices = slices, Sums = memory.Sums };
        Threads.Run(ref sums, slices.Count);
        memory.Norm.GiveGradients(u, memory.Sums);
    }

    private static UnitGradient<TSimd> Gradient(BinaryUnitArguments u, CountNorm norm) => new()
    {
        Columns = u.Geometry.OW,
        Channels = u.Geometry.O,
        ImageRows = u.Geometry.OH,
        Dy = Reals(u.Dy!),
        Counts = u.Conv.As<short>(),
        Norm = norm,
    };

    private void Differentiate<TSlope>(BinaryUnitArguments u, TSlope slope, in UnitBackwardMemory<TSimd, TSigns, TGrad> memory)
        where TSlope : unmanaged, ISlope<TSlope>
    {
        ConvGeometry g = u.Geometry;
        RowPlan plan = RowPlan.Transposed(g);
        PackSigns(plan, u.WSigns, g, transposed: true, memory.Rows);
        if (u.Previous is { } previous)
            memory.NormBefore.SetKept(previous);
        WeightGradJob<TGrad> weights = GradJob<TGrad>(u.XSigns.As<uint>(), null, g, memory.Weights, memory.LeavesWeights ? 1 : ImageSlices);
        var job = new UnitBackwardJob<TSimd, TSigns, TGrad, TSlope>
        {
            Gradient = Gradient(u, memory.Norm),
            Memory = memory.Gradients,
            GradientFloats = memory.GradientFloats,
            LeavesWeights = memory.LeavesWeights,
            Weights = weights,
            Slices = SliceImages(g),
            Input = RowsJob<TSigns, UnitInputFinish<TSimd, TSlope>>(plan, null, memory.Rows, InputFinish(u, slope, memory)),
            Sums = u.GivesSums ? memory.SumsBefore : null,
        };
        Threads.Run(ref job, job.Slices.Count);
        if (memory.LeavesWeights)
            AddBlocks(weights, memory.Gradients, memory.GradientFloats);
        SumSlices(weights, Reals(u.DSigns!), GradMode.Write);
    }

    private void AddBlocks(WeightGradJob<TGrad> weights, float* gradients, long gradientFloats)
    {
        weights.Begin(0, 0);
        var job = new UnitWeightsJob<TGrad>
        {
            Weights = weights,
            Blocks = new Slices(TGrad.Blocks(weights.Geometry), BlockSlices),
            Gradients = gradients,
            GradientFloats = gradientFloats,
        };
        Threads.Run(ref job, job.Blocks.Count);
    }

    private static UnitInputFinish<TSimd, TSlope> InputFinish<TSlope>(BinaryUnitArguments u, TSlope slope,
        in UnitBackwardMemory<TSimd, TSigns, TGrad> memory)
        where TSlope : unmanaged, ISlope<TSlope> => new()
        {
            Scale = *Reals(u.Scale),
            Slope = slope,
            X = u.StoresX ? Reals(u.X) : null,
            Counts = u.Previous == null ? null : u.Previous.Conv.As<short>(),
            Norm = memory.NormBefore,
            Dx = u.DxMode == GradMode.None ? null : Reals(u.Dx!),
            Mode = u.DxMode,
            Padded = PaddedShortcut.Of(u.DPadded),
            Sums = null,
        };

    /// <summary>The backward direction after batch norm's sums, for any slope.</summary>
    private readonly struct Differentiation(FusedKernels<TSimd, TBits, TSigns, TGrad> kernels, BinaryUnitArguments unit,
        UnitBackwardMemory<TSimd, TSigns, TGrad> memory) : ISlopeKernel
    {
        public void Run<TSlope>(TSlope slope) where TSlope : unmanaged, ISlope<TSlope> => kernels.Differentiate(unit, slope, memory);
    }
}

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    private static long UnitForwardBytes(in ConvGeometry g, int workers) =>
        new UnitForwardMemory<TSimd, TBits>(new CountPlan(g), workers, UnitSlices(g).Count, null).Bytes;

    private static long UnitBackwardBytes(in ConvGeometry g, int workers) =>
        new UnitBackwardMemory<TSimd, TSigns, TGrad>(g, workers, UnitSlices(g).Count, SliceImages(g).Count, null).Bytes;

    /// <summary>The slices of batch norm's sums: whole images.</summary>
    protected static Slices UnitSlices(in ConvGeometry g) => new(g.N, RowSlices);
}
