using System.Diagnostics;

namespace ReSTE.Native.Engine.Tests.Cuda.Driver;

/// <summary>
/// Runs one explicit test in a process of its own: the driver reads the environment once, and a faulted context stays faulted.
/// </summary>
internal static class ChildProcess
{
    private const int LimitMilliseconds = 60_000;

    // The test project is a program of its own.
    private static string Program =>
        Path.ChangeExtension(typeof(ChildProcess).Assembly.Location, OperatingSystem.IsWindows() ? ".exe" : null);

    public static void Run(string method, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Program, ["-method", method, "-explicit", "only", "-noColor"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(LimitMilliseconds))
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        bool ran = output.Result.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", StringComparison.Ordinal);
        Assert.True(process.ExitCode == 0 && ran, $"{method} in its own process:\n{output.Result}{errors.Result}");
    }
}
