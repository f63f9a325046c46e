using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Weight gradients: slices of the images on their own, then one sum over the slices in a fixed order.</summary>
internal unsafe partial class CpuKernels<TSimd>
{
    private static long UnpackedFloats(in ConvGeometry g) => Floats.Align(g.Input.Count);

    private static long RealWeightGradBytes(in ConvGeometry g, int workers) => sizeof(float)
        * (SliceImages(g).Count * RealWeightGradJob<TSimd>.PartialFloats(g) + workers * RealWeightGradJob<TSimd>.WorkerFloats(g));

    protected static long BinaryWeightGradBytes(in ConvGeometry g, int workers) => UsesTables
        ? sizeof(float) * (SliceImages(g).Count * TableWeightGradJob.PartialFloats(g) + workers * TableWeightGradJob.WorkerFloats(g))
        : sizeof(float) * UnpackedFloats(g) + RealWeightGradBytes(g, workers);

    protected static Slices SliceImages(in ConvGeometry g) => new(g.N, MaximalSlices);

    private void RunRealWeightGrad(float* dy, float* x, in ConvGeometry g, float* dw, GradMode mode, float* scratch)
    {
        Slices slices = SliceImages(g);
        var job = new RealWeightGradJob<TSimd>
        {
            Geometry = g,
            Slices = slices,
            X = x,
            Dy = dy,
            Partials = scratch,
            Scratch = scratch + slices.Count * RealWeightGradJob<TSimd>.PartialFloats(g),
        };
        threads.Run(ref job, slices.Count);
        var sum = new SumRealJob { Geometry = g, Partials = scratch, Count = slices.Count, Dw = dw, Mode = mode };
        threads.Run(ref sum, g.K * g.K);
    }

    private void RunTableWeightGrad(float* dy, uint* xBits, in ConvGeometry g, float* dw, float* scratch)
    {
        TableWeightGradJob job = TableJob(dy, xBits, g, scratch);
        threads.Run(ref job, job.Slices.Count);
        SumTables(g, scratch, dw);
    }

    /// <summary>The job over all images; dy is null where each image's gradient is handed over on its own.</summary>
    protected static TableWeightGradJob TableJob(float* dy, uint* xBits, in ConvGeometry g, float* scratch)
    {
        Slices slices = SliceImages(g);
        return new TableWeightGradJob
        {
            Geometry = g,
            Slices = slices,
            X = xBits,
            Dy = dy,
            Partials = scratch,
            Scratch = scratch + slices.Count * TableWeightGradJob.PartialFloats(g),
        };
    }

    /// <summary>Adds the slices that <see cref="TableJob"/> left in its working memory.</summary>
    protected void SumTables(in ConvGeometry g, float* scratch, float* dw)
    {
        var sum = new SumTableJob { Geometry = g, Partials = scratch, Count = SliceImages(g).Count, Dw = dw };
        threads.Run(ref sum, g.K * g.K);
    }

    /// <summary>One tap: adds the slices and turns [K,K*I,padded O] into [O,K,K,I].</summary>
    private readonly struct SumRealJob : IParallelJob
    {
        public required ConvGeometry Geometry { get; init; }

        public required float* Partials { get; init; }

        public required int Count { get; init; }

        public required float* Dw { get; init; }

        public required GradMode Mode { get; init; }

        public void Run(int part, int worker)
        {
            ConvGeometry g = Geometry;
            int padded = RealWeightGradJob<TSimd>.PaddedOutputs(g);
            long size = RealWeightGradJob<TSimd>.PartialFloats(g), filter = (long)g.K * g.K * g.I;
            for (int i = 0; i < g.I; i++)
                for (int o = 0; o < g.O; o++)
                {
                    float* from = Partials + ((long)part * g.I + i) * padded + o;
                    float sum = 0;
                    for (int s = 0; s < Count; s++, from += size)
                        sum += *from;
                    float* to = Dw + o * filter + (long)part * g.I + i;
                    *to = Mode == GradMode.Add ? *to + sum : sum;
                }
        }
    }

    /// <summary>Packed signs to ±1 in single precision.</summary>
    private readonly struct UnpackJob : IParallelJob
    {
        public required uint* Bits { get; init; }

        public required int Channels { get; init; }

        public required long Rows { get; init; }

        public required int Slices { get; init; }

        public required float* Signs { get; init; }

        public void Run(int part, int worker)
        {
            int words = Tensors.Bits.Words(Channels);
            for (long row = Rows * part / Slices; row < Rows * (part + 1) / Slices; row++)
                for (int c = 0; c < Channels; c++)
                    Signs[row * Channels + c] = Tensors.Bits.Sign(Bits + row * words, c);
        }
    }
}
