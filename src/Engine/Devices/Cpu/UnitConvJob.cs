using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>A slice of images of a binary unit: the convolution, and while its result is in the cache the sums of batch norm.</summary>
internal readonly struct UnitConvJob : IParallelJob
{
    public required XnorJob<BitSimd512> Conv { get; init; }

    /// <summary>Its slices are whole images.</summary>
    public required BatchNormSumsJob Sums { get; init; }

    public void Run(int part, int worker)
    {
        long rows = (long)Conv.Geometry.OH * Conv.Geometry.OW;
        for (long n = Sums.Slices.Start(part) / rows; n < Sums.Slices.Start(part + 1) / rows; n++)
            Conv.Run((int)n, worker);
        Sums.Run(part, worker);
    }
}
