using ReSTE.Native.Operations;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>One slice of images of a real weight gradient, some of them at once.</summary>
internal readonly unsafe struct RealWeightGradJob<TSimd> : IParallelJob where TSimd : unmanaged, ISimd<TSimd>
{
    public required WeightGradJob<RealWeightGrad<TSimd>> Job { get; init; }

    public void Run(int part, int worker)
    {
        ConvGeometry g = Job.Geometry;
        float* partial = Job.Partial(part), memory = Job.WorkerMemory(worker);
        int together = RealWeightGrad<TSimd>.Together(g);
        long first = Job.Slices.Start(part), end = Job.Slices.Start(part + 1);
        RealWeightGrad<TSimd>.BeginPlanes(g, memory);
        for (long n = first; n < end; n += together)
        {
            float* x = (float*)Job.X + n * g.H * g.W * g.I, dy = Job.Dy + n * g.OH * g.OW * g.O;
            RealWeightGrad<TSimd>.AddImages(g, (int)Math.Min(together, end - n), x, dy, partial, memory, fresh: n == first);
        }
    }
}
