using System.Diagnostics;

namespace ReSTE.Native.Engine.Tests.Cuda.Driver;

/// <summary>Runs one explicit test in a process of its own: the driver reads the environment once, and a faulted context stays faulted.</summary>
internal static class ChildProcess
{
    private const int LimitMilliseconds = 60_000;

    public static void Run(string method, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ChildProcess).Assembly.Location, "-method", method, "-explicit", "only", "-noColor"])
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
        Assert.True(process.ExitCode == 0 && output.Result.Contains("Total: 1,", StringComparison.Ordinal), $"{method} in its own process:\n{output.Result}{errors.Result}");
        Assert.DoesNotContain("Skipped: 1", output.Result, StringComparison.Ordinal);
    }
}
