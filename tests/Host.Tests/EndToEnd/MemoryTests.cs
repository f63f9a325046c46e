using System.Diagnostics;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>What does not fit into memory is refused in one line before anything is taken, and is not killed in silence.</summary>
public sealed class MemoryTests : IDisposable
{
    private const long MB = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--dataset shapes -b 1024", "--batch_size 1024 needs", "--batch_size 256 fits")]
    [InlineData("bench step --batch 512", "--batch_size 512 needs", "are free; --batch_size ", " fits")]
    [InlineData("bench step --batch 20000", "--batch_size 20000 needs", " fits")]
    public void A_limit_of_the_runtime_is_kept(string arguments, params string[] words)
    {
        var run = Limited(400 * MB, [.. arguments.Split(' '), "--device", "cpu", "--threads", "1"]);
        run.AssertRefused(ExitCode.Failure, ["cpu has too little memory: ", "of this process's 419.4 MB are free", .. words]);
        Assert.False(Directory.Exists(_folder["results"]));
    }

    [Fact]
    public void A_batch_beyond_all_memory_is_named() => Reste.Run("bench", "step", "--device", "cpu", "--batch", "1000000000")
        .AssertRefused(ExitCode.Failure, "--batch 1000000000: its images alone need 6614.2 GB, and ", "are free (give a smaller one)");

    [Fact]
    public void An_evaluation_names_a_test_batch_that_fits()
    {
        string[] small = ["--dataset", "shapes", "--limit_train", "32", "-b", "16", "--device", "cpu", "--threads", "1"];
        Reste.Run([.. small, "--limit_test", "16", "--epochs", "1", "--results_dir", _folder["run"]]).AssertDone();
        Limited(250 * MB, ["evaluate", Path.Combine(_folder["run"], "checkpoint.safetensors"), .. small, "-bt", "10000"])
            .AssertRefused(ExitCode.Failure, "--batch_size 2 with --batch_size_test 2000 needs", "are free; --batch_size_test 1000 fits");
    }

    [Fact]
    public void Data_that_does_not_fit_is_what_is_named()
    {
        Limited(60 * MB, "--dataset", "shapes", "--device", "cpu").AssertRefused(ExitCode.Failure,
            "the data set shapes is too large for the memory: it takes 73.7 MB (36.9 MB as it is read, 36.9 MB for the steps), and ",
            "of this process's 62.9 MB are free (--limit_train trains on fewer images)");
        Limited(16 * MB, "--dataset", "shapes", "--device", "cpu", "--limit_train", "64", "--limit_test", "32", "-b", "16")
            .AssertRefused(ExitCode.Failure, "the program and the network alone are too much (give it more memory)");
        Limited(100 * MB, "--dataset", "shapes", "--device", "cpu", "--limit_test", "1999", "-b", "2", "-bt", "1")
            .AssertRefused(ExitCode.Failure, "the data alone is too much (--limit_train and --limit_test take fewer images)");
        Assert.False(Directory.Exists(_folder["results"]));
    }

    [Fact]
    public void Info_shows_the_same_figure()
    {
        var run = Limited(400 * MB, "info");
        run.AssertDone();
        Assert.Matches(@"(?m)^memory: +\d+\.\d MB of this process's 419\.4 MB are free$", run.Output);
    }

    // A cell of this batch takes more than half of the limit, so that two would not survive.
    [Fact]
    public void A_sweep_runs_no_more_cells_side_by_side_than_fit()
    {
        string[] sweep = ["sweep", "--seed", "1..2", "--jobs", "2", "--dataset", "shapes", "--limit_train", "256", "--limit_test", "16",
            "--epochs", "1", "--device", "cpu", "--threads", "2"];
        var run = Limited(400 * MB, [.. sweep, "-b", "256"]).AssertDone();
        Assert.Contains("2 cells, 1 at a time", run.Output);
        Assert.Matches(@"(?m)^there is memory for 1 of 2 cells at a time: one takes \d+\.\d MB, and \d+\.\d MB of this process's " +
            @"419\.4 MB are free$", run.Error);
        Assert.DoesNotContain("finds no memory", run.Output);
        Directory.Delete(_folder["results"], recursive: true);
        run = Limited(400 * MB, [.. sweep, "-b", "16"]).AssertDone();
        Assert.Contains("2 cells, 2 at a time", run.Output);
    }

    // Where the kernel would kill: a run far over a control group's limit ends in the line, and one that the line lets pass survives.
    [Fact]
    public void A_control_groups_limit_is_kept_and_what_fits_it_survives()
    {
        using var group = ControlGroup.Create(200 * MB);
        string[] small =
            ["--dataset", "shapes", "--limit_train", "512", "--limit_test", "64", "--epochs", "2", "--device", "cpu", "--threads", "2"];
        group.Run([.. small, "-b", "256", "--results_dir", _folder["results"]])
            .AssertRefused(ExitCode.Failure, "--batch_size 256 needs ", "of this container's 209.7 MB are free; --batch_size 128 fits");
        Assert.False(Directory.Exists(_folder["results"]));
        group.Run([.. small, "-b", "128", "--results_dir", _folder["results"]]).AssertDone();
        Assert.Matches(@"memory: +\d+\.\d MB of this container's 209\.7 MB are free", group.Run("info").AssertDone().Output);
    }

    private Reste.Finished Limited(long bytes, params string[] arguments)
    {
        string[] folder = arguments[0] is "info" or "bench" or "evaluate" ? [] : ["--results_dir", _folder["results"]];
        var environment = new Dictionary<string, string?>(Reste.WithoutGpu);
        environment["DOTNET_GCHeapHardLimit"] = "0x" + bytes.ToString("x", null);
        using Process process = Reste.Start(environment, [.. arguments, .. folder]);
        return Reste.Finish(process);
    }
}
