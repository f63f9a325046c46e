using System.Globalization;
using ReSTE.Native.Devices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>`reste sweep`: what is refused before the first cell, cells side by side, and its table.</summary>
public sealed class SweepTests : IDisposable
{
    private readonly SweepFolder _sweep = new();

    public void Dispose() => _sweep.Dispose();

    [Fact]
    public void A_file_to_start_from_is_looked_for_before_anything_runs()
    {
        var run = _sweep.Run("--seed", "1,2", "--init", Path.Combine(_sweep.Dir, "none.pth"));
        run.AssertRefused(ExitCode.Checkpoint, "there is no checkpoint", "none.pth");
        Assert.False(Directory.Exists(_sweep.Dir));
    }

    [Theory]
    [InlineData("--o_end", "1,0.5", "--o_end", "0.5")]
    [InlineData("--estimator", "STE,Foo", "unknown estimator", "Foo")]
    [InlineData("--seed", "1,x", "--seed", "x")]
    [InlineData("--seed", "5..1", "--seed", "5..1")]
    [InlineData("--seed", "1,,2", "--seed", "empty value")]
    [InlineData("--seed", "1,1", "--seed", "twice")]
    [InlineData("--seed", "1..99999999", "--seed", "too many")]
    [InlineData("--o_end", "1..3", "--o_end", "1..3")]
    [InlineData("--epochs", "2", "nothing varies", "--seed")]
    [InlineData("--normalise", "data,cifar11", "unknown normalisation 'cifar11'", "in the cell normalise=cifar11")]
    [InlineData("--estimator_arg", "t=1,0", "--estimator_arg t=0: it must be")]
    [InlineData("--estimator_arg", "t=1,x=", "--estimator_arg: 'x=' is not a number")]
    [InlineData("--estimator_arg", "t=1,,2", "--estimator_arg t: '1,,2' has an empty value")]
    [InlineData("--estimator_arg", "1,2", "--estimator_arg: '1,2' is not of the form name=value")]
    [InlineData("--estimator_arg", "u=1,2", "estimator ReSTE has no argument 'u'")]
    [InlineData("--threads", "1,2", "--threads: '1,2' is a list, and a sweep has one value of it", "no result depends on it")]
    [InlineData("--device", "cpu,cuda", "--device: 'cpu,cuda' is a list, and a sweep has one value of it")]
    [InlineData("--init", "a.pth,b.pth", "--init: there is no 'a.pth,b.pth', and a sweep starts all cells from one file",
        "sweep once for each file")]
    public void A_bad_value_is_refused_before_anything_runs(string flag, string value, params string[] words)
    {
        var run = _sweep.Run(flag, value);
        run.AssertRefused(ExitCode.Misuse, words);
        Assert.Null(run.Engine.Started);
        Assert.False(Directory.Exists(_sweep.Dir));
    }

    [Fact]
    public void A_value_that_no_cell_uses_is_refused_too() =>
        _sweep.Run("--estimator", "STE", "--seed", "1,2", "--o_end", "3,0.5").AssertRefused(ExitCode.Misuse, "--o_end", "0.5");

    [Fact]
    public void Missing_data_is_refused_before_anything_runs()
    {
        var run = _sweep.Run("--seed", "1,2", "--dataset", "cifar10", "--data_path", "missing");
        run.AssertRefused(ExitCode.Data, "missing");
        Assert.Null(run.Engine.Started);
    }

    [Fact]
    public void A_cell_that_fails_stops_no_other()
    {
        var started = 0;
        var engine = new FakeEngine
        {
            OnStep = report =>
            {
                if (report is { Phase: Phase.Training, Epoch: 0, Step: 0 } && ++started == 2)
                    throw new InvalidOperationException("a step went wrong");
            },
        };
        var run = _sweep.Run(engine, null, [.. SweepFolder.Grid, "--jobs", "1"]);
        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.Contains("estimator=ReSTE,o_end=1,seed=2: failed", run.Output);
        Assert.Equal(6, _sweep.Cells().Length);
        var row = _sweep.Csv()[1];
        Assert.StartsWith("ReSTE,1,1,1,", row);
        Assert.Contains("seed 2: ", row);
        Assert.Contains("a step went wrong", row);
        Assert.StartsWith("STE,,2,0,", _sweep.Csv()[3]);
    }

    [Fact]
    public void The_table_has_mean_deviation_and_number_of_runs()
    {
        _sweep.Run([.. SweepFolder.Grid, "--cal_ind"]);
        // Other numbers than the fake's, which are the same for every seed.
        Rewrite("estimator=STE,seed=1", "0,0.1,1,2,0,0,2,30,0,10,0.5,1", "1,0.1,1,1.5,0,0,2,20,0,20,0.25,1");
        Rewrite("estimator=STE,seed=2", "0,0.1,1,2,0,0,2,10,0,30,0.5,1", "1,0.1,1,0.5,0,0,2,40,0,40,0.5,1");
        Assert.Equal(ExitCode.Done, _sweep.Run([.. SweepFolder.Grid, "--cal_ind"]).ExitCode);
        var cells = _sweep.Csv()[0].Split(',').Zip(_sweep.Csv()[3].Split(',')).ToDictionary(pair => pair.First, pair => pair.Second);
        Assert.Equal(("2", "0"), (cells["runs"], cells["failed"]));
        Near(35, cells["best_top1_mean"]);
        Near(Math.Sqrt(50), cells["best_top1_std"]);
        Near(30, cells["last_top1_mean"]);
        Near(Math.Sqrt(200), cells["last_top1_std"]);
        Near(1, cells["train_loss_mean"]);
        Near(Math.Sqrt(0.5), cells["train_loss_std"]);
        Near(25, cells["estimating_error_mean"]);
        Near(Math.Sqrt(200), cells["estimating_error_std"]);
        Near(0.875, cells["gradient_stability_mean"]);
        Near(Math.Sqrt(0.03125), cells["gradient_stability_std"]);
    }

    [Fact]
    public void One_run_has_no_deviation()
    {
        _sweep.Run("--estimator", "ReSTE,STE");
        var cells = _sweep.Csv()[1].Split(',');
        Assert.Equal(["ReSTE", "1", "0"], cells[..3]);
        Assert.Equal("", cells[4]);
        Assert.Equal("", cells[9]);
    }

    [Fact]
    public void Cells_side_by_side_share_the_threads()
    {
        var run = _sweep.Run([.. SweepFolder.Grid, "--jobs", "3", "--threads", "6"]);
        Assert.Equal(2, run.Engine.Device!.Threads);
        Assert.Contains("6 cells, 3 at a time", run.Output);
    }

    [Theory]
    [InlineData(400, 2, 3)]
    [InlineData(300, 3, 2)]
    [InlineData(600, 1, 6)]
    // Alone it may try, and then says itself what is too much.
    [InlineData(2000, 1, 6)]
    public void No_more_cells_run_side_by_side_than_find_memory(long megabytes, int jobs, int threads)
    {
        // The largest kind of cell counts.
        var engine = new FakeEngine
        {
            Memory = new DeviceMemory(900_000_000, 950_000_000, MemoryOwner.Container),
            Needs = recipe => megabytes * (recipe.BatchSize == 100 ? 1_000_000 : 500_000),
        };
        var run = _sweep.Run(engine, null, ["--seed", "1..2", "--batch_size", "50,100", "--jobs", "3", "--threads", "6"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains($"4 cells, {jobs} at a time", run.Output);
        Assert.Equal(threads, engine.Device!.Threads);
        var start = $"there is memory for {jobs} of 3 cells at a time: one takes ";
        Assert.Equal(jobs < 3, run.Error.Contains(start, StringComparison.Ordinal));
        Assert.Equal(jobs < 3, run.Error.Contains(", and 900.0 MB of this container's 950.0 MB are free\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_nobody_tells_the_memory_all_jobs_run()
    {
        var run = _sweep.Run(new FakeEngine { Memory = null, Needs = _ => long.MaxValue }, null, ["--seed", "1..3", "--jobs", "3"]);
        Assert.Contains("3 cells, 3 at a time", run.Output);
    }

    private static void Near(double expected, string actual) => Assert.Equal(expected, double.Parse(actual, CultureInfo.InvariantCulture),
        1e-9);

    private void Rewrite(string cell, params string[] rows) =>
        File.WriteAllText(Path.Combine(_sweep.Dir, cell, "metrics.csv"), string.Join('\n', [MetricsFile.Header, .. rows]) + "\n");
}
