using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad> : IConvEvaluation
{
    public long ConvEvaluationBytes(in ConvGeometry g)
    {
        var memory = new DoubleConvMemory(g, threads.Count, null);
        return memory.Bytes;
    }

    public void EvaluateConv(Tensor x, Tensor w, in ConvGeometry g, Tensor y, Tensor? scratch)
    {
        if (TSimd.Width > Doubles512.Width)
            EvaluateConv<Doubles512>(Reals(x), Reals(w), g, Reals(y), scratch!.As<byte>());
        else
            EvaluateConv<Doubles256>(Reals(x), Reals(w), g, Reals(y), scratch!.As<byte>());
    }

    private void EvaluateConv<T>(float* x, float* w, in ConvGeometry g, float* y, byte* scratch) where T : unmanaged, IDoubles<T>
    {
        var memory = new DoubleConvMemory(g, threads.Count, scratch);
        new DoubleConv<T>(g, memory.Weights, null).Pack(w);
        var job = new DoubleConvJob<T> { Geometry = g, Memory = memory, X = x, Y = y };
        threads.Run(ref job, g.N);
    }

    /// <summary>The packed weights, and an image a worker.</summary>
    private readonly struct DoubleConvMemory
    {
        private readonly double* _images;
        private readonly long _image;

        public DoubleConvMemory(in ConvGeometry g, int workers, byte* start)
        {
            var parts = new MemoryParts(start);
            // The wider vectors pad to more outputs.
            Weights = (double*)parts.Take(sizeof(double) * DoubleConv<Doubles512>.WeightDoubles(g));
            _image = (DoubleConv<Doubles512>.ImageDoubles(g) + 7) / 8 * 8;
            _images = (double*)parts.Take(sizeof(double) * _image * workers);
            Bytes = parts.Bytes;
        }

        public double* Weights { get; }

        public long Bytes { get; }

        public double* Image(int worker) => _images + worker * _image;
    }

    /// <summary>One image.</summary>
    private readonly struct DoubleConvJob<T> : IParallelJob where T : unmanaged, IDoubles<T>
    {
        public required ConvGeometry Geometry { get; init; }

        public required DoubleConvMemory Memory { get; init; }

        public required float* X { get; init; }

        public required float* Y { get; init; }

        public void Run(int part, int worker)
        {
            ConvGeometry g = Geometry;
            new DoubleConv<T>(g, Memory.Weights, Memory.Image(worker))
                .Run(X + (long)part * g.H * g.W * g.I, Y + (long)part * g.OH * g.OW * g.O);
        }
    }
}
