using System.Globalization;

namespace ReSTE.Native.Host;

/// <summary>What the parent process told the system to keep from this one.</summary>
internal static class IgnoredSignals
{
    private const string Status = "/proc/self/status";

    private const string Key = "SigIgn:";

    /// <summary>Whether SIGHUP is ignored; false where the system does not tell.</summary>
    public static bool HangUp()
    {
        try
        {
            return File.Exists(Status) && HangUp(File.ReadLines(Status));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads the mask of ignored signals, whose lowest bit is SIGHUP.</summary>
    public static bool HangUp(IEnumerable<string> status) =>
        status.FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal)) is { } line &&
        ulong.TryParse(line.AsSpan(Key.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask) &&
        (mask & 1) != 0;
}
