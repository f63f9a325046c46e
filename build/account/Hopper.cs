namespace ReSTE.Native.Account;

/// <summary>
/// The H200 that floors and times are reckoned for: what was measured of it, or measured and published by others. The copy rate and the
/// clock under load, bf16 products of large matrices, and bit products by mma.
/// </summary>
internal static class Hopper
{
    public const int Multiprocessors = 132;
    public const double ClocksPerMicrosecond = 1980;

    private const double BytesPerMicrosecond = 4.3e6, Bf16PerMicrosecond = 780e6, BitsPerMicrosecond = 9.2e9;

    /// <summary>Microseconds that a launch takes at least, whatever its instructions: by memory, or by products as the page says.</summary>
    public static double Floor(Launch launch) => Math.Max(launch.Bytes / BytesPerMicrosecond,
        2 * launch.Bits / BitsPerMicrosecond + 2 * (2 * launch.Sign + 3 * launch.Real) / Bf16PerMicrosecond);

    /// <summary>
    /// Microseconds of a launch by each of the limits of <see cref="InstructionMix"/>. The multiprocessor with the most blocks decides; all
    /// blocks have equal shares.
    /// </summary>
    /// <param name="launch">The launch.</param>
    /// <param name="code">Its kernel.</param>
    /// <param name="trips">How often the counted instructions run, over all warps.</param>
    public static double[] Times(Launch launch, KernelCode code, double trips)
    {
        double most = Math.Ceiling(launch.Blocks / (double)Multiprocessors), share = most / launch.Blocks / ClocksPerMicrosecond;
        return [.. code.Mix.Clocks().Zip(code.Besides.Clocks(), (loop, besides) => share * (trips * loop + launch.Warps * besides))];
    }
}
