namespace ReSTE.Native.Devices.Cpu;

/// <summary>Rounding of sizes in working memory.</summary>
internal static class Floats
{
    /// <summary>Up to a cache line, so that what follows begins on one.</summary>
    public static long Align(long count) => (count + 15) / 16 * 16;

    /// <summary>Up to whole vectors.</summary>
    public static int Pad(int count, int width) => (count + width - 1) / width * width;
}
