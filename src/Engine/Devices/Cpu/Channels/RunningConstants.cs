using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// One channel of a normalisation, (z - mean) factor + offset, rounded to single. What rounding takes from the mean goes into the offset:
/// after a mean of many deviations it would be the largest error.
/// </summary>
internal readonly unsafe struct Affine(double mean, double factor, double offset)
{
    /// <summary>Writes it to place c of the three constants.</summary>
    public void Store(float* means, float* factors, float* offsets, int c)
    {
        float rounded = (float)mean;
        means[c] = rounded;
        factors[c] = (float)factor;
        offsets[c] = (float)(offset - (mean - rounded) * factor);
    }
}

/// <summary>The normalisation by running statistics.</summary>
internal readonly unsafe struct RunningConstants
{
    /// <summary>[channels]; null for ones.</summary>
    public required float* Gamma { get; init; }

    /// <summary>[channels]; null for zeros.</summary>
    public required float* Beta { get; init; }

    /// <summary>[channels].</summary>
    public required float* Mean { get; init; }

    /// <summary>[channels].</summary>
    public required float* Variance { get; init; }

    public required double Epsilon { get; init; }

    /// <summary>Writes the three constants of some channels, the first at place 0.</summary>
    public void Write(int first, int count, float* means, float* factors, float* offsets)
    {
        for (int i = 0, c = first; i < count; i++, c++)
        {
            double invStd = 1 / Math.Sqrt(Variance[c] + Epsilon), factor = (Gamma == null ? 1 : Gamma[c]) * invStd;
            new Affine(Mean[c], factor, Beta == null ? 0 : Beta[c]).Store(means, factors, offsets, i);
        }
    }
}

/// <summary>
/// Batch norm by running statistics over one slice of rows: constants of some channels, on the stack, then these channels.
/// </summary>
internal readonly unsafe struct BatchNormEvaluateJob<TSimd> : IParallelJob where TSimd : unmanaged, ISimd<TSimd>
{
    // Three kilobytes of stack, and more channels than most layers have; whole vectors of any width.
    private const int Block = 256;

    /// <summary>All but the constants.</summary>
    public required BatchNormNormaliseJob<TSimd> Normalise { get; init; }

    public required RunningConstants Constants { get; init; }

    public void Run(int part, int worker)
    {
        float* means = stackalloc float[Block], factors = stackalloc float[Block], offsets = stackalloc float[Block];
        for (int c = 0; c < Normalise.Channels; c += Block)
        {
            int end = Math.Min(Normalise.Channels, c + Block);
            Constants.Write(c, end - c, means, factors, offsets);
            // The job counts channels from the first one of all.
            BatchNormNormaliseJob<TSimd> job = Normalise with { Mean = means - c, Factor = factors - c, Offset = offsets - c };
            job.Run(part, c, end);
        }
    }
}
