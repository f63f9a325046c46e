using System.Diagnostics;
using System.Globalization;

namespace ReSTE.Native.Tests;

/// <summary>
/// Starts programs that SIGINT and SIGHUP reach. The background job of a script inherits that the first is ignored, what runs under nohup
/// that the second is, and both hand that on to their children, who rightly honour it; a test that sends them asks for the default.
/// </summary>
internal static class Interruptible
{
    // coreutils has it since 8.31; busybox and macOS do not.
    private static readonly string[] s_default = ["--default-signal=INT,HUP"];

    private static readonly Lazy<bool> s_canReset = new(CanReset);

    /// <summary>How to start a program, its output to be read.</summary>
    public static ProcessStartInfo Start(string program, IEnumerable<string> arguments)
    {
        string[] words = s_canReset.Value ? ["env", .. s_default, program, .. arguments] : [program, .. arguments];
        return new(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
    }

    /// <summary>Sends SIGINT, as Ctrl-C does. Skips the test where it would go unheard.</summary>
    public static void Interrupt(Process process)
    {
        if (!s_canReset.Value && Ignores("self"))
        {
            process.Kill(entireProcessTree: true);
            Assert.Skip("SIGINT is ignored here, and env cannot undo that");
        }
        using Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Whether a process, by its number or "self", ignores SIGINT; false where the system does not tell.</summary>
    public static bool Ignores(string process)
    {
        string status = $"/proc/{process}/status";
        return File.Exists(status) && Ignores(File.ReadLines(status));
    }

    /// <summary>Whether the lines of such a file say so of a signal, by its number: the lowest bit of the mask is signal 1.</summary>
    public static bool Ignores(IEnumerable<string> status, int signal = 2) =>
        status.FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } mask
        && (Convert.ToUInt64(mask["SigIgn:".Length..].Trim(), 16) >> (signal - 1) & 1) != 0;

    private static bool CanReset()
    {
        if (OperatingSystem.IsWindows())
            return false;
        var start = new ProcessStartInfo("env", [.. s_default, "true"]) { RedirectStandardError = true };
        using Process env = Process.Start(start)!;
        env.StandardError.ReadToEnd();
        env.WaitForExit();
        return env.ExitCode == 0;
    }
}
