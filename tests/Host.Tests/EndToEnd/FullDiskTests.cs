using System.Diagnostics;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>
/// A disk that fills up while a checkpoint is being written: one line, exit code 1, the checkpoint before it is whole, and with room again
/// the run goes on. A limit on the size of files stands in for the disk, for it needs no privilege; where the system lets anybody mount, a
/// real small disk is filled too.
/// </summary>
public sealed class FullDiskTests : IDisposable
{
    // A limit on files is one on shared memory, too, of which .NET takes much unless told not to.
    private const string Limited = "trap '' XFSZ; ulimit -f 1024; export DOTNET_EnableWriteXorExecute=0; exec \"$@\"";

    // Room for two checkpoints of 2.2 MB and not for three.
    private const string SmallDisk = "mount -t tmpfs -o size=5m none \"$RUN\"; \"$@\"; code=$?; cp -a \"$RUN\"/. \"$COPY\"; exit $code";

    private static readonly string[] s_small =
    [
        "--device", "cpu", "--threads", "1", "--dataset", "shapes", "--limit_train", "32", "--limit_test", "16", "-b", "16", "-bt", "16",
        "--epochs", "2",
    ];

    private readonly TemporaryFolder _folder = new(), _disk = new(), _whole = new();

    public void Dispose()
    {
        _folder.Dispose();
        _disk.Dispose();
        _whole.Dispose();
    }

    [Fact]
    public void A_limit_on_files_leaves_the_checkpoint()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no ulimit");
        using (var process = Reste.Start([.. s_small, "-p", "1", "--results_dir", _folder.Path]))
        {
            Reste.InterruptWhen(process, _folder["logger.log"], "EVALUATING - Epoch: [0]");
            Assert.Equal(ExitCode.Interrupted, Reste.Finish(process).ExitCode);
        }
        var before = File.ReadAllBytes(_folder["checkpoint.safetensors"]);
        AssertFull(
            ["-c", Limited, "bash"], [.. s_small, "--resume", "--results_dir", _folder.Path], "the system allows no file of that size");
        Assert.Equal(before, File.ReadAllBytes(_folder["checkpoint.safetensors"]));
        AssertGoesOn();
    }

    [Fact]
    public void An_export_that_finds_no_room_leaves_the_old_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no ulimit");
        Reste.Run([.. s_small, "--epochs", "1", "--progress", "none", "--results_dir", _folder.Path]).AssertDone();
        var target = _whole["network.onnx"];
        File.WriteAllText(target, "the old one");
        // It has 1.1 MB.
        var run = Shell(["-c", Limited, "bash"],
            ["export", _folder["checkpoint.safetensors"], "--format", "onnx", "--output", target, "--force", "--verify", "0"]);
        run.AssertRefused(ExitCode.Failure, $"cannot write '{target}'", "the system allows no file of that size");
        Assert.Equal("the old one", File.ReadAllText(target));
        Assert.Single(Directory.EnumerateFiles(_whole.Path));
    }

    [Fact]
    public void A_full_disk_leaves_the_checkpoint()
    {
        Assert.SkipUnless(CanMount(), "this system lets nobody but root mount, or not even root");
        AssertFull(["-c", "exec unshare -Urm bash -c '" + SmallDisk + "' bash \"$@\"", "bash"],
            [.. s_small, "--results_dir", _disk.Path], "No space left on device");
        Assert.StartsWith("0,", _folder.Lines("metrics.csv")[1]);
        AssertGoesOn();
    }

    /// <summary>Runs the command from a shell that makes writing fail.</summary>
    private void AssertFull(string[] shell, string[] arguments, string why)
    {
        var run = Shell(shell, arguments);
        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.Matches($"(?m)^reste: error: cannot save '.*': .*{why}.*is untouched; make room and add --resume\\)$", run.Error);
        Assert.DoesNotContain("   at ", run.Error);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp"));
    }

    private Reste.Finished Shell(string[] shell, string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [.. shell, "dotnet", "exec", Reste.Library, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        (start.Environment["RUN"], start.Environment["COPY"]) = (_disk.Path, _folder.Path);
        using var process = Process.Start(start)!;
        return Reste.Finish(process);
    }

    private void AssertGoesOn()
    {
        Reste.Run([.. s_small, "--resume", "--results_dir", _folder.Path]).AssertDone();
        Reste.Run([.. s_small, "--results_dir", _whole.Path]).AssertDone();
        foreach (var name in (string[])["checkpoint.safetensors", "model_best.safetensors"])
            Assert.Equal(File.ReadAllBytes(_whole[name]), File.ReadAllBytes(_folder[name]));
        Assert.Equal(Checkpoints.Timeless(_whole.Lines("metrics.csv")), Checkpoints.Timeless(_folder.Lines("metrics.csv")));
    }

    private bool CanMount()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var mount = $"unshare -Urm mount -t tmpfs -o size=5m none '{_disk.Path}' 2> /dev/null";
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", mount]))!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
