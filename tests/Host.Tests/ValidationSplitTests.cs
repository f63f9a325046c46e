using System.Runtime.InteropServices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>--val_split: what is said of the parts, and the test at the end.</summary>
public sealed class ValidationSplitTests : IDisposable
{
    private const string Last = "test images with the last weights (epoch 3): ", Best = "test images with the best weights (epoch 2): ";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_line_counts_the_parts_and_the_last_ones_tell_the_tests()
    {
        Assert.Contains(" on shapes (900 training, 100 held-out and 300 test images), ", Train().Output);
        var run = CommandRun.Of([.. Arguments(), "--progress", "none"]);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("Last_Epoch: 3", lines[^4]);
        Assert.StartsWith(Last + "loss 0.", lines[^3]);
        Assert.StartsWith(Best + "loss 0.", lines[^2]);
        Assert.StartsWith("results: ", lines[^1]);
        Assert.Equal(_folder["model_best.safetensors"], run.Engine.Run!.WeightsFrom);
        Assert.Contains("val_split:  0.1", _folder.Lines("argument.txt"));
        foreach (var line in lines[^3..^1])
            Assert.Contains($" - INFO - {line}\n", _folder.Text("logger.log"));
    }

    /// <summary>Nothing goes on from them, and a run that is given more epochs would take them for its own.</summary>
    [Fact]
    public void Steps_of_the_test_are_not_in_the_log()
    {
        Train();
        Assert.DoesNotContain("EVALUATING - Epoch: [3]", _folder.Text("logger.log"));
    }

    [Fact]
    public void Without_a_split_the_test_images_are_seen_every_epoch_and_not_again()
    {
        var run = CommandRun.Of([.. Arguments()[..^2]]);
        Assert.DoesNotContain("test images with the ", run.Output);
        Assert.Null(run.Engine.Run!.WeightsFrom);
    }

    [Fact]
    public void A_test_that_was_interrupted_is_made_up_for()
    {
        var stopped = CommandRun.Interrupted(PosixSignal.SIGINT, report => report is { Epoch: 3, Phase: Phase.Evaluating }, Arguments());
        Assert.Equal(ExitCode.Interrupted, stopped.ExitCode);
        Assert.Contains("interrupted by SIGINT in the test that follows the last epoch; every epoch is saved\n", stopped.Output);
        Assert.DoesNotContain(Last, _folder.Text("logger.log"));

        var resumed = CommandRun.Of([.. Arguments(), "--resume"]);
        Assert.StartsWith("already finished: 3 epochs; nothing to train\n", resumed.Output);
        foreach (var line in new[] { Last, Best })
        {
            Assert.Contains(line, resumed.Output);
            Assert.Single(_folder.Lines("logger.log"), logged => logged.Contains(line, StringComparison.Ordinal));
        }

        var again = CommandRun.Of([.. Arguments(), "--resume"]);
        Assert.Contains(Best, again.Output);
        Assert.Single(_folder.Lines("logger.log"), logged => logged.Contains(Best, StringComparison.Ordinal));
    }

    [Fact]
    public void A_best_file_that_is_gone_is_named()
    {
        Train();
        File.Delete(_folder["model_best.safetensors"]);
        var run = CommandRun.Of([.. Arguments(), "--resume"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains($"there is no {_folder["model_best.safetensors"]}: the best weights cannot be tested\n", run.Output);
    }

    /// <summary>
    /// As after a kill between the best file and the checkpoint, and a resume with other epochs that found no better one: the file is of
    /// an epoch that was trained anew.
    /// </summary>
    [Fact]
    public void A_best_file_of_another_epoch_is_not_passed_off_as_the_best()
    {
        Train();
        File.WriteAllText(_folder["model_best.safetensors"], "3 0 False 60 2 3");
        var run = CommandRun.Of([.. Arguments(), "--resume"]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains(Last, run.Output);
        Assert.Contains($"{_folder["model_best.safetensors"]} is not of the best epoch (2): the best weights cannot be tested\n",
            run.Output);
        Assert.DoesNotContain(Best, run.Output);
    }

    /// <summary>The log tells of the test after three epochs; the one after four is due, though the best epoch is the same.</summary>
    [Fact]
    public void A_test_of_an_earlier_end_does_not_count()
    {
        Train();
        string[] longer = [.. Arguments(), "--epochs", "4", "--resume"];
        var stopped = CommandRun.Interrupted(PosixSignal.SIGINT, report => report is { Epoch: 4, Phase: Phase.Evaluating }, longer);
        Assert.Equal(ExitCode.Interrupted, stopped.ExitCode);
        const string LastOfFour = "test images with the last weights (epoch 4): ";
        for (var i = 0; i < 2; i++)
            Assert.Contains(LastOfFour, CommandRun.Of(longer).Output);
        Assert.Single(_folder.Lines("logger.log"), line => line.Contains(LastOfFour, StringComparison.Ordinal));
        Assert.Equal(2, _folder.Lines("logger.log").Count(line => line.Contains(Best, StringComparison.Ordinal)));
    }

    /// <summary>Killed after the last checkpoint and before its DONE: the end in the log is that of the shorter run.</summary>
    [Fact]
    public void An_end_that_is_not_in_the_log_is_tested_and_logged()
    {
        Train();
        File.WriteAllText(_folder["checkpoint.safetensors"], "4 0 False 60 1 4");
        string[] longer = [.. Arguments(), "--epochs", "4", "--resume"];
        CommandRun.Of(longer);
        CommandRun.Of(longer);
        Assert.Single(_folder.Lines("logger.log"), line => line.Contains("last weights (epoch 4): ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1", "--val_split: 1 is out of range, it must be at least 0 and less than 1")]
    [InlineData("-0.5", "--val_split: -0.5 is out of range")]
    [InlineData("all", "--val_split: 'all' is not a number")]
    [InlineData("0.0001", "--val_split 0.0001: it holds out 0 of 1000 training images")]
    public void A_share_that_is_none_is_refused(string share, string words)
    {
        CommandRun.Of([.. Arguments()[..^1], share]).AssertRefused(ExitCode.Misuse, words);
        Assert.False(File.Exists(_folder["argument.txt"]));
    }

    private CommandRun Train() => CommandRun.Of(Arguments());

    private string[] Arguments() =>
    [
        "--dataset", "shapes", "--device", "cpu", "--epochs", "3", "-b", "90", "--results_dir", _folder.Path, "--val_split", "0.1",
    ];
}
