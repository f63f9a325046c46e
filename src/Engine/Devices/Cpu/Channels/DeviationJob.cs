using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// One part of a tensor, a filter or an image, over its deviation: mean and sqrt(variance + epsilon) in double, the variance without bias,
/// then y = (x - mean) / deviation, or x / deviation.
/// </summary>
internal readonly unsafe struct DeviationJob<TSimd> : IParallelJob where TSimd : unmanaged, ISimd<TSimd>
{
    public required int Parts { get; init; }

    /// <summary>Values of a part.</summary>
    public required long Size { get; init; }

    public required double Epsilon { get; init; }

    /// <summary>Whether the mean is taken off.</summary>
    public required bool Centres { get; init; }

    /// <summary>[parts, size].</summary>
    public required float* X { get; init; }

    /// <summary>[2, parts]: means, deviations.</summary>
    public required float* Statistics { get; init; }

    /// <summary>[parts, size].</summary>
    public required float* Y { get; init; }

    public void Run(int part, int worker)
    {
        float* x = X + part * Size, y = Y + part * Size;
        double mean = DoubleSums.Sum(x, Size) / Size;
        float deviation = (float)Math.Sqrt(DoubleSums.SquaredDistances(x, Size, mean) / (Size - 1) + Epsilon);
        Statistics[part] = (float)mean;
        Statistics[Parts + part] = deviation;
        // x - 0 is x, also of a zero with a sign.
        float centre = Centres ? (float)mean : 0;
        long i = 0;
        for (; i + TSimd.Width <= Size; i += TSimd.Width)
            ((TSimd.Load(x + i) - TSimd.Broadcast(centre)) / TSimd.Broadcast(deviation)).Store(y + i);
        for (; i < Size; i++)
            y[i] = (x[i] - centre) / deviation;
    }
}
