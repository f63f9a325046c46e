using System.Diagnostics;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>A named pipe that nobody writes to, and a device that never ends: refused at once wherever a file is read.</summary>
public sealed class NamedPipeTests : IDisposable
{
    private static readonly string[] s_shapes = ["--device", "cpu", "--threads", "1", "--dataset", "shapes"];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_pipe_in_place_of_the_data_is_refused() => AssertRefusedAsData(Pipe("data"));

    [Theory]
    [InlineData("cifar-10-python.tar.gz")]
    [InlineData("data_batch_1")]
    [InlineData("cifar-10-batches-bin/data_batch_1.bin")]
    public void A_pipe_in_the_data_folder_is_refused(string name)
    {
        Pipe(name);
        AssertRefusedAsData(_folder.Path, _folder[name]);
    }

    [Fact]
    public void A_link_to_a_pipe_is_refused()
    {
        File.CreateSymbolicLink(_folder["link"], Pipe("data"));
        AssertRefusedAsData(_folder["link"]);
    }

    [Fact]
    public void A_device_in_place_of_the_data_is_refused()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "there is no /dev/zero");
        AssertRefusedAsData("/dev/zero");
    }

    [Fact]
    public void A_pipe_in_place_of_a_checkpoint_is_refused()
    {
        AssertRefused(ExitCode.Checkpoint, "no regular file", ["evaluate", Pipe("weights"), .. s_shapes]);
        Pipe("checkpoint.safetensors");
        AssertRefused(ExitCode.Checkpoint, "no regular file", ["--resume", "--results_dir", _folder.Path, .. s_shapes]);
        Pipe("model_best.safetensors");
        AssertRefused(ExitCode.Checkpoint, "no regular file", ["evaluate", _folder.Path, .. s_shapes]);
    }

    [Fact]
    public void A_folder_in_place_of_a_checkpoint_is_refused()
    {
        Directory.CreateDirectory(_folder["checkpoint.safetensors"]);
        AssertRefused(ExitCode.Checkpoint, "it is a folder", ["--resume", "--results_dir", _folder.Path, .. s_shapes]);
    }

    /// <summary>The run waits for a reader of the file that names it, which nothing refuses: the first signal is only noted.</summary>
    [Theory]
    [InlineData("TERM", "TERM", ExitCode.Terminated)]
    [InlineData("INT", "HUP", ExitCode.HungUp)]
    public void A_second_signal_leaves_a_start_that_hangs(string first, string second, int code)
    {
        Pipe(".holder");
        using var process = Reste.Start(
            [.. s_shapes, "--limit_train", "16", "--limit_test", "16", "-b", "16", "--results_dir", _folder.Path]);
        while (!File.Exists(_folder[".lock"]) && !process.HasExited)
            Thread.Sleep(10);
        Thread.Sleep(500);
        Reste.Signal(process, first);
        Thread.Sleep(1000);
        Assert.False(process.HasExited, "the holder's name is no longer waited for: find another way to make the start hang");
        Reste.Signal(process, second);
        var end = Reste.Finish(process, s_patience);
        Assert.Equal(code, end.ExitCode);
        Assert.Contains($"left at once by SIG{second}, without saving", end.Error, StringComparison.Ordinal);
    }

    private void AssertRefusedAsData(string path, string? named = null) => AssertRefused(
        ExitCode.Data, $"{named ?? path}: cannot be read: it has 0",
        ["--dataset", "cifar10", "--data_path", path, "--device", "cpu", "--results_dir", _folder["results"]]);

    private static void AssertRefused(int code, string says, string[] arguments)
    {
        using var process = Reste.Start(arguments);
        try
        {
            Reste.Finish(process, s_patience).AssertRefused(code, says);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private string Pipe(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "named pipes have no path there");
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        using var make = Process.Start("mkfifo", [_folder[name]]);
        make.WaitForExit();
        Assert.Equal(0, make.ExitCode);
        return _folder[name];
    }
}
