using System.Globalization;
using System.Runtime.InteropServices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>--resume with another --epochs: the run goes on, and what becomes of its schedule is said.</summary>
public sealed class OtherEpochsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_finished_run_goes_on_and_one_line_says_what_the_schedule_becomes()
    {
        Train("--epochs", "3");
        var before = _folder.Lines("metrics.csv");
        var run = Train("--epochs", "5", "--resume");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        const string Line = "--epochs was 3, is 5: from epoch 4 on, learning rate and o are those of a run of 5 epochs: " +
            "lr 0.04 and o 1.600 there (just before: lr 0.03333 and o 1.667), lr 0.02 and o 1.800 in the last epoch";
        Assert.Contains(Line + "\n", run.Error);
        Assert.Contains(Line, _folder.Text("logger.log"));
        Assert.Equal([.. before, .. _folder.Lines("metrics.csv")[4..]], _folder.Lines("metrics.csv"));
        Assert.Equal(["0", "1", "2", "3", "4"], _folder.Lines("metrics.csv").Skip(1).Select(row => row.Split(',')[0]));
        Assert.EndsWith(" 5", _folder.Text("checkpoint.safetensors"));
        Assert.Contains("epochs:  5", _folder.Lines("argument.txt"));
        Assert.DoesNotContain("epochs:  3", _folder.Lines("argument.txt"));
    }

    [Theory]
    [InlineData(Phase.Training, 3)]
    [InlineData(Phase.Training, 9)]
    [InlineData(Phase.Evaluating, 1)]
    public void An_unfinished_run_changes_in_the_middle_of_an_epoch(Phase phase, int step)
    {
        Interrupt(report => report.Epoch == 1 && report.Phase == phase && report.Step == step, "--epochs", "3");
        var run = Train("--epochs", "4", "--resume");
        Assert.Contains("--epochs was 3, is 4: from the rest of epoch 2 on, learning rate and o are those of a run of 4 epochs: " +
            "lr 0.075 and o 1.250 there (just before: lr 0.06667 and o 1.333), lr 0.025 and o 1.750 in the last epoch\n", run.Error);
        Assert.Equal(5, _folder.Lines("metrics.csv").Length);
        // The rest of the second epoch is announced with what it is trained with, after what its beginning was.
        var rates = _folder.Lines("logger.log").Where(line => line.Contains(" - INFO - lr: ", StringComparison.Ordinal));
        double[] expected = [0.1, 0.1 * 2 / 3, 0.1 * 3 / 4, 0.1 * 2 / 4, 0.1 / 4];
        Assert.Equal(expected, rates.Select(line => double.Parse(line.Split("lr: ")[1], CultureInfo.InvariantCulture)), Close);
    }

    private static bool Close(double expected, double actual) => Math.Abs(expected - actual) < 1e-12;

    /// <summary>What an interruption leaves is of the longer run: the same command line goes on without a word about epochs.</summary>
    [Fact]
    public void An_extended_run_that_was_interrupted_is_resumed_as_any_other()
    {
        Train("--epochs", "3");
        var stopped = Interrupt(report => report is { Epoch: 3, Step: 4 }, "--epochs", "6", "--resume");
        Assert.Equal(ExitCode.Interrupted, stopped.ExitCode);
        var run = Train("--epochs", "6", "--resume");
        Assert.DoesNotContain("--epochs was", run.Error);
        Assert.Equal(7, _folder.Lines("metrics.csv").Length);
        Assert.Contains("epochs:  6", _folder.Lines("argument.txt"));
    }

    /// <summary>The default of 1000 is nobody's wish to train on.</summary>
    [Fact]
    public void Epochs_that_are_not_named_change_nothing()
    {
        Train("--epochs", "3");
        var metrics = _folder.Text("metrics.csv");
        Train("--resume").AssertRefused(ExitCode.Checkpoint, "--epochs was 3, is 8", "repeat the saved settings");
        Assert.Equal(metrics, _folder.Text("metrics.csv"));
        Assert.Contains("epochs:  3", _folder.Lines("argument.txt"));
    }

    [Fact]
    public void As_many_epochs_as_are_done_leave_nothing_to_train()
    {
        Interrupt(report => report is { Epoch: 2, Step: 0 }, "--epochs", "5");
        Train("--epochs", "3", "--resume");
        Assert.Equal("already finished: 3 epochs; nothing to train\n", Train("--epochs", "3", "--resume").Output);
    }

    private CommandRun Train(params string[] arguments) => CommandRun.Of([.. Arguments(), .. arguments]);

    private CommandRun Interrupt(Func<StepReport, bool> when, params string[] arguments) =>
        CommandRun.Interrupted(PosixSignal.SIGINT, when, [.. Arguments(), .. arguments]);

    private string[] Arguments() => ["--dataset", "shapes", "--device", "cpu", "--results_dir", _folder.Path, "-b", "100"];
}
