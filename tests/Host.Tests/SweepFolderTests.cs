using System.Runtime.InteropServices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>A sweep's folder: whose it is, how a sweep goes on in it, and how it grows.</summary>
public sealed class SweepFolderTests : IDisposable
{
    private readonly SweepFolder _sweep = new();

    public void Dispose() => _sweep.Dispose();

    [Theory]
    [InlineData("ReSTE,STE", "1,3", "1..3", "--lr 0.2", "--lr was not given, is 0.2")]
    [InlineData("ReSTE,STE", "1,3", "2..3", "", "--seed was 1,2, is 2,3")]
    [InlineData("ReSTE,STE", "1,3", "1", "", "--seed was 1,2, is 1")]
    [InlineData("ReSTE,STE", "1,3", "1..2", "--momentum 0,0.9", "--momentum was not given, is 0,0.9")]
    [InlineData("ReSTE", "1,3", "1..2", "", "--estimator was ReSTE,STE, is ReSTE")]
    public void Another_grids_folder_is_refused(string estimator, string end, string seed, string more, string words)
    {
        _sweep.Run(SweepFolder.Grid);
        _sweep.Run(["--estimator", estimator, "--o_end", end, "--seed", seed, .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
            .AssertRefused(ExitCode.Misuse, "belongs to another sweep", words);
        Assert.Equal(6, _sweep.Cells().Length);
    }

    [Fact]
    public void A_flag_that_begins_to_vary_is_another_grid()
    {
        _sweep.Run("--seed", "1,2", "--lr", "0.1");
        _sweep.Run("--seed", "1,2", "--lr", "0.1,0.2").AssertRefused(ExitCode.Misuse, "--lr was 0.1, is 0.1,0.2");
    }

    [Fact]
    public void Axes_in_another_order_are_another_grid()
    {
        _sweep.Run("--seed", "1,2", "--lr", "0.1,0.2");
        _sweep.Run("--lr", "0.1,0.2,0.3", "--seed", "1,2").AssertRefused(ExitCode.Misuse, "its flags come in another order");
    }

    [Fact]
    public void A_finished_sweep_is_extended_in_place()
    {
        _sweep.Run([.. SweepFolder.Grid, "--jobs", "1"]);
        var steps = 0;
        var engine = new FakeEngine { OnStep = report => steps += report is { Phase: Phase.Training, Step: 0 } ? 1 : 0 };
        var run = _sweep.Run(engine, null, ["--estimator", "ReSTE,STE", "--o_end", "3,1,5", "--seed", "1..3", "--jobs", "1"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains($"the sweep in '{_sweep.Dir}' is extended: --o_end was 1,3, is 3,1,5; --seed was 1,2, is 1,2,3; " +
            "6 of 12 cells are done and kept\n", run.Error);
        // Two epochs of each new cell.
        Assert.Equal(2 * 6, steps);
        Assert.Equal(12, _sweep.Cells().Length);
        Assert.Equal(["ReSTE,3,3,0", "ReSTE,1,3,0", "ReSTE,5,3,0", "STE,,3,0"], _sweep.Csv()[1..].Select(row => string.Join(',',
            row.Split(',')[..4])));
        Assert.Contains("--seed 1,2,3", File.ReadAllText(Path.Combine(_sweep.Dir, "sweep.txt")));
        _sweep.Run(SweepFolder.Grid).AssertRefused(ExitCode.Misuse, "--seed was 1,2,3, is 1,2");
    }

    [Fact]
    public void The_same_values_in_another_order_are_the_same_sweep()
    {
        _sweep.Run("--seed", "1,2");
        var run = _sweep.Run("--seed", "2,1");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.DoesNotContain("extended", run.Error);
    }

    [Fact]
    public void Finished_cells_are_not_trained_again_and_others_are()
    {
        _sweep.Run(SweepFolder.Grid);
        Directory.Delete(Path.Combine(_sweep.Dir, "estimator=STE,seed=2"), recursive: true);
        File.Delete(Path.Combine(_sweep.Dir, "sweep.txt"));
        var steps = 0;
        var engine = new FakeEngine { OnStep = report => steps += report is { Phase: Phase.Training, Step: 0 } ? 1 : 0 };
        var run = _sweep.Run(engine, null, [.. SweepFolder.Grid, "--jobs", "1"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(2, steps);
        Assert.Contains("estimator=STE,seed=2: starts", run.Output);
        Assert.DoesNotContain("estimator=STE,seed=1: starts", run.Output);
        Assert.True(File.Exists(Path.Combine(_sweep.Dir, "sweep.txt")));
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
        var run = _sweep.Run(engine, interruption, [.. SweepFolder.Grid, "--jobs", "1", "-b", "250"]);
        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.Contains("with 1 of 6 cells done", run.Output);
        Assert.Contains("resume with: reste sweep", run.Output);
        Assert.DoesNotContain("--resume", run.Output);
        Assert.False(File.Exists(Path.Combine(_sweep.Dir, "sweep.csv")));

        run = _sweep.Run([.. SweepFolder.Grid, "--jobs", "1", "-b", "250"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("estimator=ReSTE,o_end=1,seed=2: goes on", run.Output);
        Assert.Equal(6, _sweep.Cells().Length);
    }
}
