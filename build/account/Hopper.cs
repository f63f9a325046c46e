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

    /// <summary>Microseconds that a launch takes at least, whatever its instructions: memory, or products in the carriers of the page.</summary>
    public static double Floor(Launch launch) => Math.Max(launch.Bytes / BytesPerMicrosecond,
        2 * launch.Bits / BitsPerMicrosecond + 2 * (2 * launch.Sign + 3 * launch.Real) / Bf16PerMicrosecond);

    /// <summary>
    /// Microseconds for a number of warps' shares of a launch. The multiprocessor with the most blocks decides; blocks have equal shares.
    /// </summary>
    /// <param name="launch">The launch.</param>
    /// <param name="shares">How often the instructions run, over all warps.</param>
    /// <param name="clocks">Clocks for one of them on one multiprocessor.</param>
    public static double Time(Launch launch, double shares, double clocks)
    {
        double most = Math.Ceiling(launch.Blocks / (double)Multiprocessors);
        return shares / launch.Blocks * most * clocks / ClocksPerMicrosecond;
    }
}
