using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad> : IConvEvaluation
{
    // The wider vectors pad to more outputs.
    public long PackedConvBytes(in ConvGeometry g) => sizeof(double) * DoubleConv<Doubles512>.WeightDoubles(g);

    public long ConvEvaluationBytes(in ConvGeometry g) => sizeof(double) * threads.Count * ImageDoubles(g);

    public void PackConv(Tensor w, in ConvGeometry g, Tensor packed)
    {
        if (HasWideDoubles)
            new DoubleConv<Doubles512>(g, packed.As<double>(), null).Pack(Reals(w));
        else
            new DoubleConv<Doubles256>(g, packed.As<double>(), null).Pack(Reals(w));
    }

    public void EvaluateConv(Tensor x, Tensor packed, in ConvGeometry g, Tensor y, Tensor scratch)
    {
        if (HasWideDoubles)
            EvaluateConv<Doubles512>(Reals(x), packed.As<double>(), g, Reals(y), scratch.As<double>());
        else
            EvaluateConv<Doubles256>(Reals(x), packed.As<double>(), g, Reals(y), scratch.As<double>());
    }

    private static bool HasWideDoubles => TSimd.Width > Doubles512.Width;

    // Of an image, up to a cache line.
    private static long ImageDoubles(in ConvGeometry g) => (DoubleConv<Doubles512>.ImageDoubles(g) + 7) / 8 * 8;

    private void EvaluateConv<T>(float* x, double* packed, in ConvGeometry g, float* y, double* scratch) where T : unmanaged, IDoubles<T>
    {
        var job = new DoubleConvJob<T>
        {
            Geometry = g,
            Weights = packed,
            Images = scratch,
            Image = ImageDoubles(g),
            X = x,
            Y = y,
        };
        threads.Run(ref job, g.N);
    }

    /// <summary>One image.</summary>
    private readonly struct DoubleConvJob<T> : IParallelJob where T : unmanaged, IDoubles<T>
    {
        public required ConvGeometry Geometry { get; init; }

        public required double* Weights { get; init; }

        /// <summary>Working memory, <see cref="Image"/> a worker.</summary>
        public required double* Images { get; init; }

        public required long Image { get; init; }

        public required float* X { get; init; }

        public required float* Y { get; init; }

        public void Run(int part, int worker)
        {
            ConvGeometry g = Geometry;
            new DoubleConv<T>(g, Weights, Images + worker * Image)
                .Run(X + (long)part * g.H * g.W * g.I, Y + (long)part * g.OH * g.OW * g.O);
        }
    }
}
