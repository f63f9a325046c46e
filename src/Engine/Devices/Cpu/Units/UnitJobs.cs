using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>A slice of images of a binary unit: the convolution with the sums of batch norm.</summary>
internal readonly unsafe struct UnitCountJob<TBits> : IParallelJob where TBits : unmanaged, IBitSimd<TBits>
{
    public required CountJob<TBits> Counts { get; init; }

    /// <summary>Of images.</summary>
    public required Slices Slices { get; init; }

    public required ChannelSums Sums { get; init; }

    public void Run(int part, int worker)
    {
        double* sums = Sums.Begin(part);
        Counts.Begin(worker);
        for (long n = Slices.Start(part); n < Slices.Start(part + 1); n++)
            Counts.Image(n, worker, sums);
    }
}

/// <summary>A slice of images of a binary unit after the statistics; when evaluating the convolution before that.</summary>
internal readonly unsafe struct UnitApplyJob<TSimd, TBits> : IParallelJob
    where TSimd : unmanaged, ISimd<TSimd>
    where TBits : unmanaged, IBitSimd<TBits>
{
    public required CountJob<TBits> Counts { get; init; }

    /// <summary>Whether the convolution is still to be done.</summary>
    public required bool Convolve { get; init; }

    /// <summary>Of images.</summary>
    public required Slices Slices { get; init; }

    public required UnitApply<TSimd> Apply { get; init; }

    public void Run(int part, int worker)
    {
        if (Convolve)
            Counts.Begin(worker);
        for (long n = Slices.Start(part); n < Slices.Start(part + 1); n++)
        {
            if (Convolve)
                Counts.Image(n, worker, null);
            Apply.Image(n, worker);
        }
    }
}

/// <summary>A slice of images of a binary unit backward: the sums of batch norm.</summary>
internal readonly unsafe struct UnitGradientSumsJob<TSimd> : IParallelJob where TSimd : unmanaged, ISimd<TSimd>
{
    public required UnitGradient<TSimd> Gradient { get; init; }

    /// <summary>Of images.</summary>
    public required Slices Slices { get; init; }

    public required ChannelSums Sums { get; init; }

    public void Run(int part, int worker)
    {
        double* sums = Sums.Begin(part);
        for (long n = Slices.Start(part); n < Slices.Start(part + 1); n++)
            Gradient.AddSums(n, sums);
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
    public required UnitGradient<TSimd> Gradient { get; init; }

    /// <summary>Working memory: one image's gradient a worker.</summary>
    public required float* Memory { get; init; }

    /// <summary>Singles from a worker's gradient to the next one's.</summary>
    public required long GradientFloats { get; init; }

    public required WeightGradJob<TGrad> Weights { get; init; }

    public required ConvRowsJob<TSimd, TSigns, UnitInputFinish<TSimd, TSlope>> Input { get; init; }

    /// <summary>Of the unit before, where it wants them.</summary>
    public required ChannelSums? Sums { get; init; }

    public void Run(int part, int worker)
    {
        float* gradient = Memory + worker * GradientFloats;
        ConvRowsJob<TSimd, TSigns, UnitInputFinish<TSimd, TSlope>> input = Input;
        if (Sums is { } sums)
            input = input with { Finish = input.Finish with { Sums = sums.Begin(part) } };
        Weights.Begin(part, worker);
        for (long n = Weights.Slices.Start(part); n < Weights.Slices.Start(part + 1); n++)
        {
            Gradient.Image(n, gradient);
            Weights.AddImage(part, worker, n, gradient);
            if (input.Finish.Mode != GradMode.None)
                input.ComputeImage(n, worker, gradient);
        }
    }
}
