using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Weight gradients: slices of the images by themselves, then one sum over the slices in a fixed order.</summary>
internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    private static long WeightGradBytes<T>(in ConvGeometry g, int workers) where T : unmanaged, IWeightGrad =>
        WeightGradJob<T>.Bytes(g, SliceImages(g).Count, workers);

    protected static Slices SliceImages(in ConvGeometry g) => new(g.N, ImageSlices);

    private void RunWeightGrad<T>(void* x, float* dy, in ConvGeometry g, float* dw, GradMode mode, float* memory)
        where T : unmanaged, IWeightGrad
    {
        WeightGradJob<T> job = GradJob<T>(x, dy, g, memory);
        threads.Run(ref job, job.Slices.Count);
        SumSlices(job, dw, mode);
    }

    protected static WeightGradJob<T> GradJob<T>(void* x, float* dy, in ConvGeometry g, float* memory, int mostSlices = ImageSlices)
        where T : unmanaged, IWeightGrad
    {
        var slices = new Slices(g.N, mostSlices);
        return new WeightGradJob<T>
        {
            Geometry = g,
            Slices = slices,
            X = x,
            Dy = dy,
            Partials = memory,
            Memory = memory + slices.Count * T.PartialFloats(g),
        };
    }

    /// <summary>Adds the slices that a job has left.</summary>
    protected void SumSlices<T>(in WeightGradJob<T> job, float* dw, GradMode mode) where T : unmanaged, IWeightGrad
    {
        var sum = new WeightGradSumJob<T>
        {
            Geometry = job.Geometry,
            Partials = job.Partials,
            Slices = job.Slices.Count,
            Dw = dw,
            Mode = mode,
        };
        threads.Run(ref sum, WeightGradSumJob<T>.Parts(job.Geometry));
    }
}
