using System.Diagnostics;

namespace ReSTE.Native.Package.Tests;

/// <summary>global.json: which SDK builds the source tree.</summary>
public sealed class SdkTests
{
    [Fact]
    public void A_machine_with_another_sdk_is_told_which_one_is_needed()
    {
        string rule = File.ReadAllText(Repository.At("global.json"));
        Assert.Contains("\"10.0.100\"", rule);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("global.json"), rule.Replace("\"10.0.100\"", "\"999.0.100\"", StringComparison.Ordinal));

        var (exitCode, output) = Build(folder.Path);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("ReSTE.Native is built with the .NET SDK 10.0.100 or any later 10.0: https://", output);
    }

    private static (int ExitCode, string Output) Build(string folder)
    {
        var start = new ProcessStartInfo("dotnet", ["build"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
