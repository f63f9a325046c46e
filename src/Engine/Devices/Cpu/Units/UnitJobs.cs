using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>A slice of images of a binary unit: the convolution with the sums of batch norm.</summary>
internal readonly unsafe struct UnitCountJob<TBits> : IParallelJob where TBits : unmanaged, IBitSimd<TBits>
{
    public required CountImage<TBits, CountSums<TBits>> Counts { get; init; }

    /// <summary>Of images.</summary>
    public required Slices Slices { get; init; }

    public required ChannelSums Sums { get; init; }

    public void Run(int part, int worker)
    {
        CountImage<TBits, CountSums<TBits>> counts = Counts with { Sink = Counts.Sink with { Sums = Sums.Begin(part) } };
        for (long n = Slices.Start(part); n < Slices.Start(part + 1); n++)
            counts.Rows(n, 0, counts.Weights.Plan.Geometry.OH, worker);
    }
}

/// <summary>A slice of images of a binary unit after the statistics.</summary>
internal readonly struct UnitApplyJob<TSimd> : IParallelJob where TSimd : unmanaged, ISimd<TSimd>
{
    /// <summary>Of images.</summary>
    public required Slices Slices { get; init; }

    public required UnitApply<TSimd> Apply { get; init; }

    public void Run(int part, int worker)
    {
        for (long n = Slices.Start(part); n < Slices.Start(part + 1); n++)
            Apply.Image(n, worker);
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

    /// <summary>Working memory: one image's gradient a worker, or all images'.</summary>
    public required float* Memory { get; init; }

    /// <summary>Singles from a gradient to the next one's.</summary>
    public required long GradientFloats { get; init; }

    /// <summary>Whether all images' gradients are kept, and those of the weights come after this.</summary>
    public required bool LeavesWeights { get; init; }

    public required WeightGradJob<TGrad> Weights { get; init; }

    /// <summary>Of images.</summary>
    public required Slices Slices { get; init; }

    public required ConvRowsJob<TSimd, TSigns, UnitInputFinish<TSimd, TSlope>> Input { get; init; }

    /// <summary>Of the unit before, where it wants them.</summary>
    public required ChannelSums? Sums { get; init; }

    public void Run(int part, int worker)
    {
        ConvRowsJob<TSimd, TSigns, UnitInputFinish<TSimd, TSlope>> input = Input;
        if (Sums is { } sums)
            input = input with { Finish = input.Finish with { Sums = sums.Begin(part) } };
        if (!LeavesWeights)
            Weights.Begin(part, worker);
        for (long n = Slices.Start(part); n < Slices.Start(part + 1); n++)
        {
            float* gradient = Memory + (LeavesWeights ? n : worker) * GradientFloats;
            Gradient.Image(n, gradient);
            if (!LeavesWeights)
                Weights.AddImage(part, worker, n, gradient);
            if (input.Finish.Mode != GradMode.None)
                input.ComputeImage(n, worker, gradient);
        }
    }
}

/// <summary>
/// Some blocks of output channels of a unit's weight gradient, over all images: their sums stay in the second-level cache, which those of
/// all channels of a large layer would not.
/// </summary>
internal readonly unsafe struct UnitWeightsJob<TGrad> : IParallelJob where TGrad : unmanaged, IWeightGrad
{
    public required WeightGradJob<TGrad> Weights { get; init; }

    /// <summary>Of blocks.</summary>
    public required Slices Blocks { get; init; }

    /// <summary>All images' gradients before batch norm.</summary>
    public required float* Gradients { get; init; }

    /// <summary>Singles from a gradient to the next one's.</summary>
    public required long GradientFloats { get; init; }

    public void Run(int part, int worker) =>
        Weights.AddBlocks((int)Blocks.Start(part), (int)Blocks.Start(part + 1), worker, Gradients, GradientFloats);
}
