using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The operations for processors with AVX-512, with the unit of binary networks fused: the jobs of the single operations run one after another on a few
/// images at a time, which stay in the second-level cache, where one after another over the whole batch they would wait for memory.
/// </summary>
internal sealed unsafe class Avx512Kernels(CpuThreads threads) : CpuKernels<Simd512>(threads), IBinaryUnitForward, IBinaryUnitBackward
{
    public override long ScratchBytes(ScratchUse use, in ConvGeometry g) => use switch
    {
        ScratchUse.BinaryUnitForward => XnorBytes(g),
        ScratchUse.BinaryUnitBackward => UnitBackwardBytes(g),
        _ => base.ScratchBytes(use, g),
    };

    public void BinaryUnitForward(BinaryUnitArguments u)
    {
        ConvGeometry g = u.Geometry;
        Channels.Reserve(g.O);
        XnorJob<BitSimd512>.Pack(u.WSigns.As<uint>(), g, u.ForwardScratch!.As<uint>());
        var conv = new XnorJob<BitSimd512>
        {
            Geometry = g,
            X = u.XSigns.As<uint>(),
            W = u.ForwardScratch.As<uint>(),
            Factor = *Reals(u.Scale),
            Y = Reals(u.Conv),
        };
        if (u.Training)
            Convolve(u, conv);
        else
            SetRunning(g.O, u.Gamma, u.Beta, u.RunningMean, u.RunningVariance, u.Settings);
        var images = new Slices(g.N, g.N, Rows(g));
        var job = new UnitFinishJob
        {
            Conv = conv,
            Convolve = !u.Training,
            Normalise = NormaliseJob(images, u.Conv, rectify: true, u.Shortcut, u.Y),
            Pack = new SignPackJob<Simd512> { Slices = images, Channels = g.O, X = Reals(u.Y), Packed = u.YSigns.As<uint>() },
        };
        Threads.Run(ref job, g.N);
    }

    public void BinaryUnitBackward(BinaryUnitArguments u)
    {
        ConvGeometry g = u.Geometry;
        Channels.Reserve(g.O);
        Slices slices = StatisticSlices(g);
        BatchNormSumsJob sums = SumsJob(slices, u.Conv, rectify: true, u.Dy, u.Mean);
        Threads.Run(ref sums, slices.Count);
        SetGradientConstants(slices.Count, g.O, Rows(g) * g.N, u.Gamma, u.Mean, u.InvStd, u.DGamma!, u.DBeta!);
        var job = new Differentiation(this, u);
        u.Slope.Run(ReadSlope(u.SlopeParameters), job);
    }

    private long UnitBackwardBytes(in ConvGeometry g) =>
        SignRowsBytes(RowPlan.Transposed(g), Threads.Count) + BinaryWeightGradBytes(g, Threads.Count) + sizeof(float) * Threads.Count * ImageFloats(g);

    private static long Rows(in ConvGeometry g) => (long)g.OH * g.OW;

    private static long ImageFloats(in ConvGeometry g) => Floats.Align(Rows(g) * g.O);

    private static Slices StatisticSlices(in ConvGeometry g) => new(g.N, ChannelBuffer.MaximalSlices, Rows(g));

    private void Convolve(BinaryUnitArguments u, in XnorJob<BitSimd512> conv)
    {
        ConvGeometry g = u.Geometry;
        Slices slices = StatisticSlices(g);
        var job = new UnitConvJob
        {
            Conv = conv,
            Sums = SumsJob(slices, u.Conv, rectify: true, dy: null, mean: null),
        };
        Threads.Run(ref job, slices.Count);
        SetStatistics(slices.Count, g.O, Rows(g) * g.N, u.Gamma, u.Beta, u.RunningMean, u.RunningVariance, u.Settings, u.Mean, u.InvStd);
    }

    private void Differentiate<TSlope>(BinaryUnitArguments u, TSlope slope) where TSlope : unmanaged, ISlope<TSlope>
    {
        ConvGeometry g = u.Geometry;
        RowPlan plan = RowPlan.Transposed(g);
        Slices slices = SliceImages(g);
        float* packed = Reals(u.BackwardScratch!), rows = packed + ConvRowsJob<Simd512, TableProduct, TSlope>.PackedFloats(plan);
        float* partials = packed + SignRowsBytes(plan, Threads.Count) / sizeof(float);
        float* gradients = partials + BinaryWeightGradBytes(g, Threads.Count) / sizeof(float);
        PackNibbles(plan, u.WSigns.As<uint>(), g, transposed: true, (int*)packed);
        var job = new UnitBackwardJob<TSlope>
        {
            Slices = slices,
            Rows = Rows(g),
            Channels = g.O,
            Norm = GradientJob(slices, u.Dy!, u.Conv, rectify: true, gradients, GradMode.Write),
            Gradients = gradients,
            GradientFloats = ImageFloats(g),
            Weights = TableJob(null, u.XSigns.As<uint>(), g, partials),
            Input = new ConvRowsJob<Simd512, TableProduct, TSlope>
            {
                Plan = plan,
                Source = null,
                Packed = packed,
                Scratch = rows,
                Factor = *Reals(u.Scale),
                Slope = slope,
                X = Reals(u.X),
                Target = u.DxMode == GradMode.None ? null : Reals(u.Dx!),
                Mode = u.DxMode,
            },
        };
        Threads.Run(ref job, slices.Count);
        SumTables(g, partials, Reals(u.DSigns!));
    }

    /// <summary>The way back of a unit behind batch norm's sums, for any slope.</summary>
    private readonly struct Differentiation(Avx512Kernels kernels, BinaryUnitArguments unit) : ISlopeKernel
    {
        public void Run<TSlope>(TSlope slope) where TSlope : unmanaged, ISlope<TSlope> => kernels.Differentiate(unit, slope);
    }
}
