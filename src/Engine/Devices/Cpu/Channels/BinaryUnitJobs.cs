using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>A slice of images of a binary unit: the convolution, and while its result is in the cache the sums of batch norm.</summary>
internal readonly struct UnitConvJob<TBits> : IParallelJob where TBits : unmanaged, IBitSimd<TBits>
{
    public required XnorJob<TBits> Conv { get; init; }

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

/// <summary>
/// One image of a binary unit: batch norm, shortcut and the signs of the result; when evaluating the convolution before them.
/// </summary>
internal readonly struct UnitFinishJob<TSimd, TBits> : IParallelJob
    where TSimd : unmanaged, ISimd<TSimd>
    where TBits : unmanaged, IBitSimd<TBits>
{
    public required XnorJob<TBits> Conv { get; init; }

    /// <summary>Whether the convolution is still to be done.</summary>
    public required bool Convolve { get; init; }

    public required BatchNormNormaliseJob<TSimd> Normalise { get; init; }

    public required SignPackJob<TSimd> Pack { get; init; }

    public void Run(int part, int worker)
    {
        if (Convolve)
            Conv.Run(part, worker);
        Normalise.Run(part, worker);
        Pack.Run(part, worker);
    }
}

/// <summary>
/// A slice of images of a binary unit backward, an image at a time: the gradient before batch norm, into working memory that stays in the
/// cache, then from there the gradients of the weights and of the input.
/// </summary>
internal readonly unsafe struct UnitBackwardJob<TSimd, TSigns, TGrad, TSlope> : IParallelJob
    where TSimd : unmanaged, ISimd<TSimd>
    where TSigns : unmanaged, ISignProduct<TSimd>
    where TGrad : unmanaged, IWeightGrad
    where TSlope : unmanaged, ISlope<TSlope>
{
    /// <summary>Output pixels of an image.</summary>
    public required long Rows { get; init; }

    /// <summary>Its target is one image's gradient a worker.</summary>
    public required BatchNormGradientJob<TSimd> Norm { get; init; }

    /// <summary>Singles from a worker's gradient to the next one's.</summary>
    public required long GradientFloats { get; init; }

    public required WeightGradJob<TGrad> Weights { get; init; }

    public required ConvRowsJob<TSimd, TSigns, TSlope> Input { get; init; }

    public void Run(int part, int worker)
    {
        float* gradient = Norm.Dx + worker * GradientFloats;
        Weights.Begin(part, worker);
        for (long n = Weights.Slices.Start(part); n < Weights.Slices.Start(part + 1); n++)
        {
            // The job addresses rows of the whole batch: the image's first row falls on the start of the working memory.
            BatchNormGradientJob<TSimd> norm = Norm with { Dx = gradient - n * Rows * Norm.Channels };
            norm.Rows(n * Rows, (n + 1) * Rows);
            Weights.AddImage(part, worker, n, gradient);
            if (Input.Mode != GradMode.None)
                Input.ComputeImage(n, worker, gradient);
        }
    }
}
