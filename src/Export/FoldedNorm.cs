using ReSTE.Native.Devices.Cpu;
using PackedNormalisation = ReSTE.Native.Packed.Normalisation;

namespace ReSTE.Native.Export;

/// <summary>Batch norm's four arrays as the three that an evaluation needs, by the engine's own rule.</summary>
internal static unsafe class FoldedNorm
{
    /// <summary>Folds them; one of each a channel.</summary>
    /// <param name="gamma">Null for ones.</param>
    /// <param name="beta">Null for zeros.</param>
    /// <param name="mean">The running mean.</param>
    /// <param name="variance">The running variance.</param>
    /// <param name="epsilon">What is added to it.</param>
    public static PackedNormalisation Of(float[]? gamma, float[]? beta, float[] mean, float[] variance, double epsilon)
    {
        int channels = mean.Length;
        var norm = new PackedNormalisation(new float[channels], new float[channels], new float[channels]);
        fixed (float* g = gamma, b = beta, m = mean, v = variance, means = norm.Mean, factors = norm.Factor, shifts = norm.Shift)
        {
            new RunningConstants { Gamma = g, Beta = b, Mean = m, Variance = v, Epsilon = epsilon }
                .Write(0, channels, means, factors, shifts);
        }

        return norm;
    }

    /// <summary>The same with the mean in the shift: a third less to keep, and rounded elsewhere.</summary>
    public static PackedNormalisation WithoutMean(PackedNormalisation norm) => new(new float[norm.Mean.Length], norm.Factor,
        [.. norm.Shift.Select((shift, c) => (float)(shift - (double)norm.Mean[c] * norm.Factor[c]))]);
}
