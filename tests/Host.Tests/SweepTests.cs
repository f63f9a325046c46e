using System.Globalization;
using System.Runtime.InteropServices;
using ReSTE.Native.Devices;
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

    [Fact]
    public void An_argument_is_an_axis_of_its_name_for_the_estimators_that_have_it()
    {
        var run = Sweep("--estimator", "ReSTE,STE,Bop", "--estimator_arg", "t=1.25,1.5", "--estimator_arg", "gamma=0.1,0.2",
            "--estimator_arg", "threshold=1e-6");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.DoesNotContain("not used", run.Error);
        Assert.Equal(["estimator=Bop,gamma=0.1", "estimator=Bop,gamma=0.2", "estimator=ReSTE,t=1.25", "estimator=ReSTE,t=1.5",
            "estimator=STE"], Cells());
        Assert.Contains("estimator_arg:  gamma=0.2 threshold=1E-06", Argument("estimator=Bop,gamma=0.2"));
        Assert.Contains("estimator_arg:  t=1.25 interval=0.1", Argument("estimator=ReSTE,t=1.25"));
        Assert.StartsWith("estimator,t,gamma,runs,", Csv()[0]);
        Assert.Equal("""
            --estimator ReSTE,STE,Bop
            --estimator_arg t=1.25,1.5
            --estimator_arg gamma=0.1,0.2
            --epochs 2
            --estimator_arg threshold=1e-6

            """, File.ReadAllText(Path.Combine(Dir, "sweep.txt")));
    }

    [Fact]
    public void Words_are_values_and_the_last_of_a_repeated_argument_counts()
    {
        Sweep("--estimator", "AdaSTE", "--a32", "--estimator_arg", "preset=corrected", "--estimator_arg", "preset=faithful,corrected");
        Assert.Equal(["preset=corrected", "preset=faithful"], Cells());
        Sweep("--estimator", "AdaSTE", "--a32", "--estimator_arg", "preset=faithful,wrong")
            .AssertRefused(ExitCode.Misuse, "--estimator_arg preset=wrong: it must be faithful or corrected", "in the cell preset=wrong");
    }

    // As OvSW's momentum, which the fake lacks; AdaSTE's rate and decay are no flags.
    [Fact]
    public void An_argument_that_is_called_as_a_flag_is_told_from_it()
    {
        var flags = new SweepFlags();
        var verb = new SweepVerb(new FakeEngine(), flags);
        var given = flags.Given(verb.Parse(["--estimator_arg=momentum=0.9,0.99", "--momentum=0,0.9", "--estimator_arg=n_start=1..3"]));
        Assert.Equal(["arg.momentum", "n_start", "momentum"], given.Select(flag => flag.Word));
        Assert.Equal(["1", "2", "3"], given[1].Values);
        Assert.Equal(["--estimator_arg=momentum=0.9", "--estimator_arg=momentum=0.99"], given[0].Tokens);
    }

    [Fact]
    public void Normalisations_are_an_axis()
    {
        Sweep("--normalise", "data,cifar10", "--dataset", "cifar10");
        Assert.Equal(["normalise=cifar10", "normalise=data"], Cells());
    }

    [Fact]
    public void What_a_network_does_not_use_does_not_multiply_it()
    {
        Sweep("-m", "resnet20,resnet20_1w1a", "--estimator", "ReSTE,STE", "--estimator_arg", "t=1.25", "--o_end", "1,2");
        Assert.Equal(["model=resnet20", "model=resnet20_1w1a,estimator=ReSTE,o_end=1", "model=resnet20_1w1a,estimator=ReSTE,o_end=2",
            "model=resnet20_1w1a,estimator=STE"], Cells());
    }

    [Fact]
    public void AdaSTEs_momentum_multiplies_it_whatever_the_optimiser()
    {
        Sweep("--estimator", "STE,AdaSTE", "--a32", "--optimiser", "Adam", "--momentum", "0,0.9");
        Assert.Equal(["estimator=AdaSTE,momentum=0", "estimator=AdaSTE,momentum=0.9", "estimator=STE"], Cells());
    }

    [Fact]
    public void Every_flag_of_training_varies_or_is_known_not_to()
    {
        foreach (var flag in new SweepFlags().All.Where(flag => !flag.IsSwitch && flag.Name is not ("--jobs" or "--init")))
            Assert.True(flag.ValueName!.EndsWith(",...", StringComparison.Ordinal) != !SweepFlags.Decides(new(flag.Name, ["1"], false)),
                flag.Name);
        Assert.Equal(["--save", "--resume", "--evaluate"], new TrainingFlags().All.Select(flag => flag.Name)
            .Except(new SweepFlags().All.Select(flag => flag.Name)));
    }

    [Fact]
    public void A_file_to_start_from_is_looked_for_before_anything_runs()
    {
        var run = Sweep("--seed", "1,2", "--init", _folder["none.pth"]);
        run.AssertRefused(ExitCode.Checkpoint, "there is no checkpoint", "none.pth");
        Assert.False(Directory.Exists(Dir));
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

    [Theory]
    [InlineData("ReSTE,STE", "1,3", "1..3", "--lr 0.2", "--lr was not given, is 0.2")]
    [InlineData("ReSTE,STE", "1,3", "2..3", "", "--seed was 1,2, is 2,3")]
    [InlineData("ReSTE,STE", "1,3", "1", "", "--seed was 1,2, is 1")]
    [InlineData("ReSTE,STE", "1,3", "1..2", "--momentum 0,0.9", "--momentum was not given, is 0,0.9")]
    [InlineData("ReSTE", "1,3", "1..2", "", "--estimator was ReSTE,STE, is ReSTE")]
    public void Another_grids_folder_is_refused(string estimator, string end, string seed, string more, string words)
    {
        Sweep(s_grid);
        Sweep(["--estimator", estimator, "--o_end", end, "--seed", seed, .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
            .AssertRefused(ExitCode.Misuse, "belongs to another sweep", words);
        Assert.Equal(6, Cells().Length);
    }

    [Fact]
    public void A_flag_that_begins_to_vary_is_another_grid()
    {
        Sweep("--seed", "1,2", "--lr", "0.1");
        Sweep("--seed", "1,2", "--lr", "0.1,0.2").AssertRefused(ExitCode.Misuse, "--lr was 0.1, is 0.1,0.2");
    }

    [Fact]
    public void Axes_in_another_order_are_another_grid()
    {
        Sweep("--seed", "1,2", "--lr", "0.1,0.2");
        Sweep("--lr", "0.1,0.2,0.3", "--seed", "1,2").AssertRefused(ExitCode.Misuse, "its flags come in another order");
    }

    [Fact]
    public void A_finished_sweep_is_extended_in_place()
    {
        Sweep([.. s_grid, "--jobs", "1"]);
        var steps = 0;
        var engine = new FakeEngine { OnStep = report => steps += report is { Phase: Phase.Training, Step: 0 } ? 1 : 0 };
        var run = Sweep(engine, null, ["--estimator", "ReSTE,STE", "--o_end", "3,1,5", "--seed", "1..3", "--jobs", "1"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains($"the sweep in '{Dir}' is extended: --o_end was 1,3, is 3,1,5; --seed was 1,2, is 1,2,3; " +
            "6 of 12 cells are done and kept\n", run.Error);
        // Two epochs of each new cell.
        Assert.Equal(2 * 6, steps);
        Assert.Equal(12, Cells().Length);
        Assert.Equal(["ReSTE,3,3,0", "ReSTE,1,3,0", "ReSTE,5,3,0", "STE,,3,0"], Csv()[1..].Select(row => string.Join(',',
            row.Split(',')[..4])));
        Assert.Contains("--seed 1,2,3", File.ReadAllText(Path.Combine(Dir, "sweep.txt")));
        Sweep(s_grid).AssertRefused(ExitCode.Misuse, "--seed was 1,2,3, is 1,2");
    }

    [Fact]
    public void The_same_values_in_another_order_are_the_same_sweep()
    {
        Sweep("--seed", "1,2");
        var run = Sweep("--seed", "2,1");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.DoesNotContain("extended", run.Error);
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
        var run = Sweep(engine, null, ["--seed", "1..2", "--batch_size", "50,100", "--jobs", "3", "--threads", "6"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains($"4 cells, {jobs} at a time", run.Output);
        Assert.Equal(threads, engine.Device!.Threads);
        Assert.Equal(jobs < 3, run.Error.Contains($"there is memory for {jobs} of 3 cells at a time: one takes ", StringComparison.Ordinal));
        Assert.Equal(jobs < 3, run.Error.Contains(", and 900.0 MB of this container's 950.0 MB are free\n", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_nobody_tells_the_memory_all_jobs_run()
    {
        var run = Sweep(new FakeEngine { Memory = null, Needs = _ => long.MaxValue }, null, ["--seed", "1..3", "--jobs", "3"]);
        Assert.Contains("3 cells, 3 at a time", run.Output);
    }

    private static void Near(double expected, string actual) => Assert.Equal(expected, double.Parse(actual, CultureInfo.InvariantCulture),
        1e-9);

    private static string Notice(CommandRun run) => run.Error.Length == 0 ? "\n" : run.Error;

    private void Rewrite(string cell, params string[] rows) =>
        File.WriteAllText(Path.Combine(Dir, cell, "metrics.csv"), string.Join('\n', [MetricsFile.Header, .. rows]) + "\n");

    private string Argument(string cell) => File.ReadAllText(Path.Combine(Dir, cell, "argument.txt"));

    private string[] Csv() => File.ReadAllLines(Path.Combine(Dir, "sweep.csv"));

    private string[] Cells() => [.. Directory.GetDirectories(Dir).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private CommandRun Sweep(params string[] arguments) => Sweep(new FakeEngine(), null, arguments);

    private CommandRun Sweep(FakeEngine engine, Interruption? interruption, string[] arguments) =>
        CommandRun.Of(engine, interruption, ["sweep", "--device", "cpu", "--results_dir", Dir,
            .. arguments.Contains("--epochs") ? [] : (string[])["--epochs", "2"], .. arguments]);
}
