using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices;

/// <summary>Times pieces of work on a device, by whatever its clock is.</summary>
internal abstract class WorkTimer : IDisposable
{
    /// <summary>Time that the repetitions of one piece of work may take together; where one takes longer, there is only that one.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    /// <summary>Measures what the device does at most.</summary>
    public abstract DeviceRates MeasureRates();

    /// <summary>
    /// Seconds of each repetition, at most as many as are asked for. Cold, something else has filled the caches before each; warm, the
    /// repetitions follow one another.
    /// </summary>
    public abstract double[] Time(Action work, int repetitions, bool cold);

    /// <summary>
    /// Times a convolution of reals, and the product of matrices that it amounts to, with libraries that are found on this machine; a null
    /// for what none computes.
    /// </summary>
    public virtual FloatTimes TimeFloat(in ConvGeometry g, int repetitions) => new(null, null);

    /// <summary>Which of those libraries there are, or what was tried: one line each.</summary>
    public virtual IReadOnlyList<string> Libraries => [];

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>How many repetitions there is time for, where one takes so long.</summary>
    protected static int Affordable(int wanted, double seconds) =>
        (int)Math.Clamp(Patience.TotalSeconds / Math.Max(seconds, 1e-9), 1, wanted);
}

/// <summary>Seconds of the same product of reals by other libraries.</summary>
/// <param name="Product">Of matrices, by cuBLAS; null where it was not timed.</param>
/// <param name="Convolution">By cuDNN; null where it was not timed.</param>
public sealed record FloatTimes(IReadOnlyList<double>? Product, IReadOnlyList<double>? Convolution);
