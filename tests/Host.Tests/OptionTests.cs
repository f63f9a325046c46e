using System.Runtime.InteropServices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>The published trainer's options of how a run is followed, cut and begun, as they show in its files.</summary>
public sealed class OptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>1000 images in batches of 100 are ten steps, 300 test images in batches of 128 are three.</summary>
    [Theory]
    [InlineData(1, new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }, new[] { 0, 1, 2 })]
    [InlineData(4, new[] { 0, 4, 8 }, new[] { 0 })]
    [InlineData(9, new[] { 0, 9 }, new[] { 0 })]
    [InlineData(100, new[] { 0 }, new[] { 0 })]
    public void Print_freq_writes_a_line_every_so_many_steps_from_the_first(int frequency, int[] training, int[] evaluating)
    {
        Train("--epochs", "1", "--print_freq", Numbers.Text(frequency));
        Assert.Equal(training.Select(step => $"TRAINING - Epoch: [0][{step}/10]").Concat(
            evaluating.Select(step => $"EVALUATING - Epoch: [0][{step}/3]")), StepLines());
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 5)]
    [InlineData("2", 3)]
    [InlineData("9", 1)]
    public void Time_estimate_writes_a_line_every_so_many_epochs_and_none_for_zero(string epochs, int lines)
    {
        Train("--epochs", "5", "--time_estimate", epochs);
        Assert.Equal(lines, _folder.Lines("logger.log").Count(line => line.Contains(" - INFO - Time cost: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Start_epoch_begins_with_the_epoch_after_it()
    {
        var run = Train("--epochs", "5", "--start_epoch", "2", "--cal_ind");
        Assert.Equal(["3", "4"], _folder.Lines("metrics.csv").Skip(1).Select(row => row.Split(',')[0]));
        Assert.Contains("TRAINING - Epoch: [3][0/10]", StepLines());
        Assert.DoesNotContain("TRAINING - Epoch: [2][0/10]", StepLines());
        // The mean is over the epochs that were measured, 4.5 and 5.5 here.
        Assert.Contains("Mean Estimating_Error: 5.0000 \tTotal stability_var: 0.002\n", run.Output);
        Train("--epochs", "5", "--start_epoch", "4").AssertRefused(ExitCode.Misuse, "--start_epoch 4 leaves nothing of --epochs 5");
    }

    [Theory]
    [InlineData("300", 1)]
    [InlineData("299", 2)]
    [InlineData("7", 43)]
    public void Batch_size_test_cuts_the_test_images(string size, int steps)
    {
        Train("--epochs", "1", "-bt", size, "-p", "1");
        Assert.Equal(steps, StepLines().Count(line => line.StartsWith("EVALUATING", StringComparison.Ordinal)));
        Assert.Contains($"EVALUATING - Epoch: [0][{Numbers.Text(steps - 1)}/{Numbers.Text(steps)}]", StepLines());
    }

    [Theory]
    [InlineData("mine", "mine")]
    [InlineData("deep/er", "deep/er")]
    [InlineData("", "")]
    public void Save_names_a_folder_within_the_results(string save, string folder)
    {
        Train("--epochs", "1", "--save", save);
        Assert.True(File.Exists(Path.Combine(_folder.Path, folder, "metrics.csv")));
        Assert.Contains($"save:  {save}", File.ReadAllLines(Path.Combine(_folder.Path, folder, "argument.txt")));
    }

    [Theory]
    [InlineData(1, 9, Phase.Training)]
    [InlineData(1, 0, Phase.Evaluating)]
    [InlineData(2, 1, Phase.Evaluating)]
    public void The_indicators_of_a_resumed_run_are_those_of_a_whole_one(int epoch, int step, Phase phase)
    {
        string[] flags = ["--epochs", "3", "--cal_ind"];
        using var whole = new TemporaryFolder();
        var expected = CommandRun.Of([.. Arguments(whole.Path), .. flags]);
        var stopped = CommandRun.Interrupted(PosixSignal.SIGINT,
            report => report.Epoch == epoch && report.Step == step && report.Phase == phase, [.. Arguments(_folder.Path), .. flags]);
        Assert.Equal(ExitCode.Interrupted, stopped.ExitCode);
        var resumed = Train([.. flags, "--resume"]);
        Assert.Equal(whole.Text("metrics.csv"), _folder.Text("metrics.csv"));
        const string Mean = "Mean Estimating_Error: 2.5000 \tTotal stability_var: 0.003";
        Assert.Contains(Mean, expected.Output);
        Assert.Contains(Mean, resumed.Output);
    }

    private CommandRun Train(params string[] arguments) => CommandRun.Of([.. Arguments(_folder.Path), .. arguments]);

    private static string[] Arguments(string folder) =>
        ["--dataset", "shapes", "--device", "cpu", "--results_dir", folder, "-b", "100"];

    private string[] StepLines() => [.. _folder.Lines("logger.log").Where(line => line.Contains("- Epoch: [", StringComparison.Ordinal))
        .Select(line => line.Split(" - INFO - ")[1].Split('\t')[0])];
}
