using System.Globalization;
using System.Runtime.InteropServices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>`reste sweep`: its cells, what is refused before the first, how it goes on, and its table.</summary>
public sealed class SweepTests : IDisposable
{
    private static readonly string[] s_grid = ["--estimator", "ReSTE,STE", "--o_end", "1,3", "--seed", "1..2"];

    private readonly TemporaryFolder _folder = new();

    private string Dir => _folder["sweep"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_flag_that_an_estimator_does_not_use_does_not_multiply_it()
    {
        var run = Sweep(s_grid);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error.Replace(Notice(run), "", StringComparison.Ordinal)));
        Assert.Equal(
        [
            "estimator=ReSTE,o_end=1,seed=1", "estimator=ReSTE,o_end=1,seed=2", "estimator=ReSTE,o_end=3,seed=1",
            "estimator=ReSTE,o_end=3,seed=2", "estimator=STE,seed=1", "estimator=STE,seed=2",
        ], Cells());
        Assert.Contains("o_end:  3\n", File.ReadAllText(Path.Combine(Dir, "estimator=STE,seed=1", "argument.txt")));
    }

    [Fact]
    public void Names_have_the_varying_flags_in_the_order_given()
    {
        Sweep("--seed", "7,8", "--lr", "0.1", "--epochs", "1..2", "--o_end", "2");
        Assert.Equal(["seed=7,epochs=1", "seed=7,epochs=2", "seed=8,epochs=1", "seed=8,epochs=2"], Cells());
    }

    [Fact]
    public void Momentum_does_not_multiply_an_optimiser_without_it()
    {
        Sweep("--optimiser", "SGD,Adam", "--momentum", "0,0.9");
        Assert.Equal(["optimiser=Adam", "optimiser=SGD,momentum=0", "optimiser=SGD,momentum=0.9"], Cells());
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
    public void A_bad_value_is_refused_before_anything_runs(string flag, string value, params string[] words)
    {
        var run = Sweep(flag, value);
        run.AssertRefused(ExitCode.Misuse, words);
        Assert.Null(run.Engine.Started);
        Assert.False(Directory.Exists(Dir));
    }

    [Fact]
    public void A_value_that_no_cell_uses_is_refused_too() =>
        Sweep("--estimator", "STE", "--seed", "1,2", "--o_end", "3,0.5").AssertRefused(ExitCode.Misuse, "--o_end", "0.5");

    [Fact]
    public void Missing_data_is_refused_before_anything_runs()
    {
        var run = Sweep("--seed", "1,2", "--dataset", "cifar10", "--data_path", "missing");
        run.AssertRefused(ExitCode.Data, "missing");
        Assert.Null(run.Engine.Started);
    }

    [Fact]
    public void Another_grids_folder_is_refused()
    {
        Sweep(s_grid);
        Sweep("--estimator", "ReSTE,STE", "--o_end", "1,3", "--seed", "1..3", "--lr", "0.2")
            .AssertRefused(ExitCode.Misuse, "belongs to another sweep", "--seed was 1,2, is 1,2,3", "--lr was not given, is 0.2");
        Assert.Equal(6, Cells().Length);
    }

    [Fact]
    public void Finished_cells_are_not_trained_again_and_others_are()
    {
        Sweep(s_grid);
        Directory.Delete(Path.Combine(Dir, "estimator=STE,seed=2"), recursive: true);
        File.Delete(Path.Combine(Dir, "sweep.txt"));
        var steps = 0;
        var engine = new FakeEngine { OnStep = report => steps += report is { Phase: Phase.Training, Step: 0 } ? 1 : 0 };
        var run = Sweep(engine, null, [.. s_grid, "--jobs", "1"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(2, steps);
        Assert.Contains("estimator=STE,seed=2: starts", run.Output);
        Assert.DoesNotContain("estimator=STE,seed=1: starts", run.Output);
        Assert.True(File.Exists(Path.Combine(Dir, "sweep.txt")));
    }

    [Fact]
    public void An_interrupted_sweep_saves_and_goes_on()
    {
        using var interruption = new Interruption();
        var steps = 0;
        var engine = new FakeEngine
        {
            OnStep = report =>
            {
                if (report.Phase == Phase.Training && ++steps == 11)
                    interruption.Raise(PosixSignal.SIGINT);
            },
        };
        var run = Sweep(engine, interruption, [.. s_grid, "--jobs", "1", "-b", "250"]);
        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.Contains("with 1 of 6 cells done", run.Output);
        Assert.Contains("resume with: reste sweep", run.Output);
        Assert.DoesNotContain("--resume", run.Output);
        Assert.False(File.Exists(Path.Combine(Dir, "sweep.csv")));

        run = Sweep([.. s_grid, "--jobs", "1", "-b", "250"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("estimator=ReSTE,o_end=1,seed=2: goes on", run.Output);
        Assert.Equal(6, Cells().Length);
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
        var run = Sweep(engine, null, [.. s_grid, "--jobs", "1"]);
        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.Contains("estimator=ReSTE,o_end=1,seed=2: failed", run.Output);
        Assert.Equal(6, Cells().Length);
        var row = Csv()[1];
        Assert.StartsWith("ReSTE,1,1,1,", row);
        Assert.Contains("seed 2: ", row);
        Assert.Contains("a step went wrong", row);
        Assert.StartsWith("STE,,2,0,", Csv()[3]);
    }

    [Fact]
    public void The_table_has_mean_deviation_and_number_of_runs()
    {
        Sweep([.. s_grid, "--cal_ind"]);
        // Other numbers than the fake's, which are the same for every seed.
        Rewrite("estimator=STE,seed=1", "0,0.1,1,2,0,0,2,30,0,10,0.5,1", "1,0.1,1,1.5,0,0,2,20,0,20,0.25,1");
        Rewrite("estimator=STE,seed=2", "0,0.1,1,2,0,0,2,10,0,30,0.5,1", "1,0.1,1,0.5,0,0,2,40,0,40,0.5,1");
        Assert.Equal(ExitCode.Done, Sweep([.. s_grid, "--cal_ind"]).ExitCode);
        var cells = Csv()[0].Split(',').Zip(Csv()[3].Split(',')).ToDictionary(pair => pair.First, pair => pair.Second);
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
        Sweep("--estimator", "ReSTE,STE");
        var cells = Csv()[1].Split(',');
        Assert.Equal(["ReSTE", "1", "0"], cells[..3]);
        Assert.Equal("", cells[4]);
        Assert.Equal("", cells[9]);
    }

    [Fact]
    public void Cells_side_by_side_share_the_threads()
    {
        var run = Sweep([.. s_grid, "--jobs", "3", "--threads", "6"]);
        Assert.Equal(2, run.Engine.Device!.Threads);
        Assert.Contains("6 cells, 3 at a time", run.Output);
    }

    private static void Near(double expected, string actual) => Assert.Equal(expected, double.Parse(actual, CultureInfo.InvariantCulture),
        1e-9);

    private static string Notice(CommandRun run) => run.Error.Length == 0 ? "\n" : run.Error;

    private void Rewrite(string cell, params string[] rows) =>
        File.WriteAllText(Path.Combine(Dir, cell, "metrics.csv"), string.Join('\n', [MetricsFile.Header, .. rows]) + "\n");

    private string[] Csv() => File.ReadAllLines(Path.Combine(Dir, "sweep.csv"));

    private string[] Cells() => [.. Directory.GetDirectories(Dir).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private CommandRun Sweep(params string[] arguments) => Sweep(new FakeEngine(), null, arguments);

    private CommandRun Sweep(FakeEngine engine, Interruption? interruption, string[] arguments) =>
        CommandRun.Of(engine, interruption, ["sweep", "--device", "cpu", "--results_dir", Dir,
            .. arguments.Contains("--epochs") ? [] : (string[])["--epochs", "2"], .. arguments]);
}
