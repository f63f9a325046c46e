using System.Globalization;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Bytes of the caches of the first processor, as the system tells them; usual ones where it does not.</summary>
internal sealed record CpuCaches(long L1, long L2, long L3)
{
    private static readonly CpuCaches s_usual = new(32 << 10, 1 << 20, 32 << 20);

    /// <summary>Read from the files of Linux.</summary>
    /// <param name="folder">Where they lie.</param>
    public static CpuCaches Find(string folder = "/sys/devices/system/cpu/cpu0/cache")
    {
        if (!Directory.Exists(folder))
            return s_usual;
        long[] sizes = [0, s_usual.L1, s_usual.L2, s_usual.L3];
        foreach (string cache in Directory.EnumerateDirectories(folder, "index*"))
        {
            if (Word(cache, "type") != "Instruction" && int.TryParse(Word(cache, "level"), CultureInfo.InvariantCulture, out int level)
                && level is >= 1 and <= 3 && Size(Word(cache, "size")) is { } bytes)
                sizes[level] = bytes;
        }

        return new(sizes[1], sizes[2], sizes[3]);
    }

    private static string Word(string cache, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(cache, file)).Trim();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // Such as 48K.
    private static long? Size(string text)
    {
        int shift = text.EndsWith('K') ? 10 : text.EndsWith('M') ? 20 : text.EndsWith('G') ? 30 : 0;
        ReadOnlySpan<char> digits = shift == 0 ? text : text.AsSpan(0, text.Length - 1);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? (long)number << shift : null;
    }
}
