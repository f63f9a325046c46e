using ReSTE.Native.Estimators;
using ReSTE.Native.Kernels;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The operations for processors with AVX-512, with the unit of binary networks fused: the jobs of the single operations run one after another on a few
/// images at a time, which stay in the second-level cache, where one after another over the whole batch they would wait for memory.
/// </summary>
internal sealed unsafe class Avx512Kernels(CpuThreads threads) : CpuKernels<Simd512>(threads), IFusedKernels
{
    public long UnitForwardScratchBytes(in ConvGeometry g) => XnorBytes(g);

    public long UnitBackwardScratchBytes(in ConvGeometry g) =>
        SignRowsBytes(RowPlan.Transposed(g), Threads.Count) + BinaryWeightGradBytes(g, Threads.Count) + sizeof(float) * Threads.Count * ImageFloats(g);

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
        {
            Convolve(u, conv);
            UnitFinishJob finish = FinishJob(u, conv, convolve: false);
            Threads.Run(ref finish, g.N);
        }
        else
        {
            SetRunning(u.Gamma, u.Beta, u.RunningMean, u.RunningVariance);
            UnitFinishJob job = FinishJob(u, conv, convolve: true);
            Threads.Run(ref job, g.N);
        }
    }

    public void BinaryUnitBackward(BinaryUnitArguments u)
    {
        ConvGeometry g = u.Geometry;
        Channels.Reserve(g.O);
        Slices slices = StatisticSlices(g);
        var sums = new BatchNormSumsJob
        {
            Slices = slices,
            Channels = g.O,
            X = Reals(u.Conv),
            Dy = Reals(u.Dy!),
            Mean = Reals(u.Mean),
            Rectify = true,
            Sums = Channels.Sums,
        };
        Threads.Run(ref sums, slices.Count);
        SetGradientConstants(slices.Count, g.O, Rows(g) * g.N, u.Gamma, u.Mean, u.InvStd, u.DGamma!, u.DBeta!);
        var job = new Differentiation(this, u);
        Slopes.Run(u.Slope, ReadSlope(u.Knobs, Knobs.ActivationSlopeSlot), job);
    }

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
            Sums = new BatchNormSumsJob { Slices = slices, Channels = g.O, X = Reals(u.Conv), Dy = null, Mean = null, Rectify = true, Sums = Channels.Sums },
        };
        Threads.Run(ref job, slices.Count);
        SetStatistics(slices.Count, g.O, Rows(g) * g.N, u.Gamma, u.Beta, u.RunningMean, u.RunningVariance, u.Mean, u.InvStd);
    }

    private UnitFinishJob FinishJob(BinaryUnitArguments u, in XnorJob<BitSimd512> conv, bool convolve)
    {
        ConvGeometry g = u.Geometry;
        var images = new Slices(g.N, g.N, Rows(g));
        return new UnitFinishJob
        {
            Conv = conv,
            Convolve = convolve,
            Normalise = NormaliseJob(images, u.Conv, rectify: true, u.Shortcut, u.Y),
            Pack = new SignPackJob<Simd512> { Slices = images, Channels = g.O, X = Reals(u.Y), Packed = u.YSigns.As<uint>() },
        };
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
            Weights = new TableWeightGradJob
            {
                Geometry = g,
                Slices = slices,
                X = u.XSigns.As<uint>(),
                Dy = null,
                Partials = partials,
                Scratch = partials + slices.Count * TableWeightGradJob.PartialFloats(g),
            },
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
        var sum = new SumTableJob { Geometry = g, Partials = partials, Count = slices.Count, Dw = Reals(u.DSigns!) };
        Threads.Run(ref sum, g.K * g.K);
    }

    /// <summary>The way back of a unit behind batch norm's sums, for any slope.</summary>
    private readonly struct Differentiation(Avx512Kernels kernels, BinaryUnitArguments unit) : ISlopeKernel
    {
        public void Run<TSlope>(TSlope slope) where TSlope : unmanaged, ISlope<TSlope> => kernels.Differentiate(unit, slope);
    }
}
