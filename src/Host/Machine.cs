using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReSTE.Native.Host;

/// <summary>The machine, as results should name it.</summary>
internal static class Machine
{
    public static string Runtime => RuntimeInformation.FrameworkDescription;

    public static string System => $"{RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})";

    /// <summary>The processor's name, where the system tells it.</summary>
    public static string Processor => FieldOf("/proc/cpuinfo", "model name") ??
        Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();

    public static string Vectors =>
        Vector512.IsHardwareAccelerated ? "512 bits" : Vector256.IsHardwareAccelerated ? "256 bits" :
        Vector128.IsHardwareAccelerated ? "128 bits" : "none";

    /// <summary>Runnable processes, averaged over a minute; null where the system does not tell.</summary>
    public static double? LoadAverage
    {
        get
        {
            var first = FirstLine("/proc/loadavg")?.Split(' ')[0];
            return double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out var load) ? load : null;
        }
    }

    /// <summary>A load average in words.</summary>
    public static string LoadText(double? load) => $"load average {(load is { } known ? Numbers.Fixed(known, 2) : "unknown")}";

    /// <summary>The most memory this process ever held at once, in bytes.</summary>
    public static long PeakMemory
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }

    private static string? FirstLine(string path) => File.Exists(path) ? File.ReadLines(path).FirstOrDefault() : null;

    private static string? FieldOf(string path, string name) => !File.Exists(path)
        ? null
        : File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
