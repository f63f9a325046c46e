using System.Diagnostics;
using ReSTE.Native.Tests;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>A script's background job inherits that SIGINT is ignored, and under nohup SIGHUP too.</summary>
public sealed class InheritedSignalTests : IDisposable
{
    private static readonly string[] s_small =
        ["--device", "cpu", "--dataset", "shapes", "--limit_train", "32", "--limit_test", "16", "-b", "16", "-bt", "16", "-p", "1"];

    // Runs its arguments as such a job runs.
    private static readonly string[] s_job = ["-c", "trap '' INT HUP; exec \"$@\"", "bash"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_goes_on_where_it_was_told_to_ignore_SIGINT()
    {
        RequireProc();
        string[] run = ["dotnet", "exec", Reste.Library, .. s_small, "--epochs", "3", "--results_dir", _folder.Path];
        var start = new ProcessStartInfo("bash", [.. s_job, .. run])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        Reste.InterruptWhen(process, _folder["logger.log"], "TRAINING - Epoch: [0][0/2]");
        Reste.Finish(process).AssertDone();
        Assert.Equal(4, _folder.Lines("metrics.csv").Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_test_that_is_such_a_job_starts_children_that_a_signal_reaches(int signal)
    {
        RequireProc();
        var child = Interruptible.Start("cat", ["/proc/self/status"]);
        Assert.SkipUnless(child.FileName == "env", "env cannot set the disposition of a signal here");
        Assert.True(Interruptible.Ignores(Status(["cat", "/proc/self/status"]), signal));
        Assert.False(Interruptible.Ignores(Status([child.FileName, .. child.ArgumentList]), signal));
    }

    private static string[] Status(string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", [.. s_job, .. command]) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd().Split('\n');
    }

    private static void RequireProc() =>
        Assert.SkipUnless(File.Exists("/proc/self/status"), "this system does not tell which signals are ignored");
}
