using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The operations with the unit of binary networks fused: the jobs of the single operations run one after another on a few images at a
/// time, which stay in the second-level cache, where one after another over the whole batch they would wait for memory.
/// </summary>
internal sealed unsafe class FusedKernels<TSimd, TBits, TSigns, TGrad>(CpuThreads threads)
    : CpuKernels<TSimd, TBits, TSigns, TGrad>(threads), IBinaryUnitForward, IBinaryUnitBackward
    where TSimd : unmanaged, ISimd<TSimd>
    where TBits : unmanaged, IBitSimd<TBits>
    where TSigns : unmanaged, ISignProduct<TSimd>
    where TGrad : unmanaged, IWeightGrad
{
    public void BinaryUnitForward(BinaryUnitArguments u)
    {
        ConvGeometry g = u.Geometry;
        byte* scratch = u.ForwardScratch!.As<byte>();
        XnorJob<TBits> conv = PackedXnor(u.XSigns, u.WSigns, *Reals(u.Scale), g, u.Conv, (uint*)scratch);
        ChannelMemory memory = UnitMemory(g, scratch + AlignedBytes(XnorBytes(g)));
        if (u.Training)
            Convolve(u, conv, memory);
        else
            RunningConstants(u.Gamma, u.Beta, u.RunningMean, u.RunningVariance, u.Settings)
                .Write(0, g.O, memory.Constants(0), memory.Constants(1), memory.Constants(2));
        var images = new Slices(g.N, g.N, UnitRows(g));
        var job = new UnitFinishJob<TSimd, TBits>
        {
            Conv = conv,
            Convolve = !u.Training,
            Normalise = NormaliseJob(images, u.Conv, rectify: true, u.Shortcut, u.Y, memory),
            Pack = new SignPackJob<TSimd> { Slices = images, Channels = g.O, X = Reals(u.Y), Packed = u.YSigns.As<uint>() },
        };
        Threads.Run(ref job, g.N);
    }

    public void BinaryUnitBackward(BinaryUnitArguments u)
    {
        ConvGeometry g = u.Geometry;
        Slices slices = UnitSlices(g);
        ChannelMemory memory = UnitMemory(g, BackwardMemory.Of(u, Threads.Count).Channels);
        BatchNormSumsJob sums = SumsJob(slices, u.Conv, rectify: true, u.Dy, u.Mean, memory);
        Threads.Run(ref sums, slices.Count);
        SetGradientConstants(memory, g.Output, u.Gamma, u.Mean, u.InvStd, u.DGamma!, u.DBeta!);
        var job = new Differentiation(this, u, memory);
        u.Slope.Run(ReadSlope(u.SlopeParameters), job);
    }

    private void Convolve(BinaryUnitArguments u, in XnorJob<TBits> conv, ChannelMemory memory)
    {
        Slices slices = UnitSlices(u.Geometry);
        var job = new UnitConvJob<TBits> { Conv = conv, Sums = SumsJob(slices, u.Conv, rectify: true, dy: null, mean: null, memory) };
        Threads.Run(ref job, slices.Count);
        SetStatistics(memory, u.Geometry.Output, u.Gamma, u.Beta, u.RunningMean, u.RunningVariance, u.Settings, u.Mean, u.InvStd);
    }

    private void Differentiate<TSlope>(BinaryUnitArguments u, TSlope slope, ChannelMemory memory) where TSlope : unmanaged, ISlope<TSlope>
    {
        ConvGeometry g = u.Geometry;
        RowPlan plan = RowPlan.Transposed(g);
        var at = BackwardMemory.Of(u, Threads.Count);
        TSigns.Pack(plan, u.WSigns.As<uint>(), g, transposed: true, at.Rows);
        float* dx = u.DxMode == GradMode.None ? null : Reals(u.Dx!);
        WeightGradJob<TGrad> weights = GradJob<TGrad>(u.XSigns.As<uint>(), null, g, at.Weights);
        var job = new UnitBackwardJob<TSimd, TSigns, TGrad, TSlope>
        {
            Norm = GradientJob(weights.Slices, u.Dy!, u.Conv, rectify: true, at.Gradients, GradMode.Write, memory),
            Rows = UnitRows(g),
            GradientFloats = UnitImageFloats(g),
            Weights = weights,
            Input = RowsJob<TSigns, TSlope>(plan, null, at.Rows, *Reals(u.Scale), slope, Reals(u.X), dx, u.DxMode),
        };
        Threads.Run(ref job, weights.Slices.Count);
        SumSlices(weights, Reals(u.DSigns!), GradMode.Write);
    }

    /// <summary>The backward direction after batch norm's sums, for any slope.</summary>
    private readonly struct Differentiation(FusedKernels<TSimd, TBits, TSigns, TGrad> kernels, BinaryUnitArguments unit,
        ChannelMemory memory) : ISlopeKernel
    {
        public void Run<TSlope>(TSlope slope) where TSlope : unmanaged, ISlope<TSlope> => kernels.Differentiate(unit, slope, memory);
    }
}

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    /// <summary>Packed weights, then the channels' sums and constants.</summary>
    private static long UnitForwardBytes(in ConvGeometry g) => AlignedBytes(XnorBytes(g)) + UnitChannelBytes(g);

    private static long UnitBackwardBytes(in ConvGeometry g, int workers) => new BackwardMemory(g, workers, null).Bytes;

    private static long UnitChannelBytes(in ConvGeometry g) => ChannelMemory.Bytes(UnitSlices(g).Count, g.O);

    protected static ChannelMemory UnitMemory(in ConvGeometry g, void* memory) => new(memory, UnitSlices(g).Count, g.O);

    /// <summary>Output pixels of an image.</summary>
    protected static long UnitRows(in ConvGeometry g) => (long)g.OH * g.OW;

    /// <summary>Singles of one image's gradient.</summary>
    protected static long UnitImageFloats(in ConvGeometry g) => Floats.Align(UnitRows(g) * g.O);

    /// <summary>The slices of batch norm's sums: whole images, so that each is summed where it was convolved.</summary>
    protected static Slices UnitSlices(in ConvGeometry g) => new(g.N, RowSlices, UnitRows(g));

    /// <summary>
    /// The parts of the working memory backward: of the input gradient, of the weight gradient, an image's gradient a worker, the
    /// channels'.
    /// </summary>
    protected readonly struct BackwardMemory(ConvGeometry g, int workers, byte* start)
    {
        private readonly long _rows = AlignedBytes(RowsBytes<TSigns>(RowPlan.Transposed(g), workers));
        private readonly long _weights = AlignedBytes(WeightGradBytes<TGrad>(g, workers));
        private readonly long _gradients = sizeof(float) * workers * UnitImageFloats(g);

        public long Bytes => _rows + _weights + _gradients + UnitChannelBytes(g);

        public float* Rows => (float*)start;

        public float* Weights => (float*)(start + _rows);

        public float* Gradients => (float*)(start + _rows + _weights);

        public void* Channels => start + _rows + _weights + _gradients;

        public static BackwardMemory Of(BinaryUnitArguments unit, int workers) =>
            new(unit.Geometry, workers, unit.BackwardScratch!.As<byte>());
    }
}
