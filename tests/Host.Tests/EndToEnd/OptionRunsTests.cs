using System.Globalization;
using System.Runtime.InteropServices;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>Options that reach from the command line into the engine and back into the files: splits, more epochs, indicators.</summary>
public sealed class OptionRunsTests : IDisposable
{
    private static readonly string[] s_small =
    [
        "--device", "cpu", "--threads", "1", "--dataset", "shapes", "--limit_train", "72", "--limit_test", "32", "-b", "16", "-bt", "16",
        "-p", "1", "--cal_ind", "--progress", "plain",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>54 images to train on, 18 held out: rows are of the latter, and `evaluate` sees what the test at the end saw.</summary>
    [Fact]
    public void A_run_with_a_split_is_tested_once_at_its_end_with_both_weights()
    {
        string[] command = [.. s_small, "--epochs", "3", "--val_split", "0.25", "--results_dir", _folder.Path];
        var run = Reste.Run(command).AssertDone();
        Assert.Contains("shapes (54 training, 18 held-out and 32 test images)", run.Output);
        foreach (var (weights, file) in new[] { ("last", "checkpoint"), ("best", "model_best") })
        {
            var evaluated = Reste.Run(["evaluate", _folder[file + ".safetensors"], .. s_small]).AssertDone();
            Assert.Equal("", evaluated.Error);
            var loss = evaluated.Output.Split("Validation loss ")[1].Split(' ')[0];
            Assert.Contains(run.Output.Split('\n'), line =>
                line.StartsWith($"test images with the {weights} weights", StringComparison.Ordinal)
                && line.Contains($": loss {loss} ", StringComparison.Ordinal));
        }

        // Eighteen images: accuracies are eighteenths.
        foreach (var row in _folder.Lines("metrics.csv").Skip(1))
        {
            var hits = double.Parse(row.Split(',')[7], CultureInfo.InvariantCulture) * 18 / 100;
            Assert.Equal(Math.Round(hits), hits, 1e-9);
        }
    }

    [Theory]
    [InlineData("TRAINING - Epoch: [1][3/4]")]
    [InlineData("EVALUATING - Epoch: [1][0/2]")]
    [InlineData("TRAINING - Epoch: [1][1/4]")]
    public void An_interruption_changes_no_row_and_no_last_line(string when)
    {
        string[] command = [.. s_small, "--epochs", "3", "--val_split", "0.25"];
        using var whole = new TemporaryFolder();
        var expected = Reste.Run([.. command, "--results_dir", whole.Path]).AssertDone();
        Assert.Equal(ExitCode.Interrupted, RunUntil(when, [.. command, "--results_dir", _folder.Path]).ExitCode);
        var resumed = Reste.Run([.. command, "--results_dir", _folder.Path, "--resume"]).AssertDone();
        Assert.Equal(Checkpoints.Timeless(whole.Lines("metrics.csv")), Checkpoints.Timeless(_folder.Lines("metrics.csv")));
        Checkpoints.AssertSameTensors(whole["checkpoint.safetensors"], _folder["checkpoint.safetensors"]);
        Checkpoints.AssertSameTensors(whole["model_best.safetensors"], _folder["model_best.safetensors"]);
        foreach (var words in new[] { "Mean Estimating_Error: ", "Best_Epoch", "Last_Epoch", "test images with the " })
            Assert.Equal(LinesWith(expected, words), LinesWith(resumed, words));
    }

    [Fact]
    public void A_finished_run_is_given_more_epochs_and_an_unfinished_one_not_fewer_than_it_has_done()
    {
        string[] command = [.. s_small, "--results_dir", _folder.Path];
        Reste.Run([.. command, "--epochs", "2"]).AssertDone();
        var rows = _folder.Lines("metrics.csv");
        var longer = Reste.Run([.. command, "--epochs", "4", "--resume"]).AssertDone();
        // The cosine of four epochs at the third: half of 0.1; that of two was at half there too, and at zero after it.
        Assert.Contains("--epochs was 2, is 4: from epoch 3 on, learning rate and o are those of a run of 4 epochs: lr 0.05 and o " +
            "1.586 there (just before: lr 0.05 and o 1.586), lr 0.01464 and o 2.235 in the last epoch\n", longer.Error);
        Assert.Equal(rows, _folder.Lines("metrics.csv")[..3]);
        Assert.Equal(5, _folder.Lines("metrics.csv").Length);
        Assert.Contains("\"Epochs\":4,", SafetensorsFile.Open(_folder["checkpoint.safetensors"]).Metadata["recipe"]);
        Assert.Contains("epochs:  4", _folder.Lines("argument.txt"));
        Assert.Equal("already finished: 4 epochs; nothing to train\n",
            Reste.Run([.. command, "--epochs", "4", "--resume"]).AssertDone().Output);

        var metrics = _folder.Text("metrics.csv");
        Reste.Run([.. command, "--epochs", "3", "--resume"])
            .AssertRefused(ExitCode.Misuse, "--epochs 3: 4 epochs of the run are done; it must be at least 4");
        Reste.Run([.. command, "--epochs", "9", "--lr", "0.3", "--resume"]).AssertRefused(ExitCode.Checkpoint, "--lr was 0.1, is 0.3");
        Assert.Equal(metrics, _folder.Text("metrics.csv"));
        Assert.Contains("epochs:  4", _folder.Lines("argument.txt"));
    }

    [Fact]
    public void A_run_with_another_optimiser_says_so_and_goes_on_with_no_other()
    {
        string[] command = [.. s_small, "--results_dir", _folder.Path, "--lr", "0.001"];
        string[] adam = [.. command, "--optimiser", "adamw", "--estimator", "Bop"];
        var first = Reste.Run([.. adam, "--epochs", "1"]).AssertDone();
        Assert.Contains(" with Bop (gamma=0.0001, threshold=1E-08) by AdamW on shapes", first.Output + first.Error);
        Assert.Contains("optimiser:  AdamW", _folder.Lines("argument.txt"));
        string[] names = [.. SafetensorsFile.Open(_folder["checkpoint.safetensors"]).Tensors.Select(tensor => tensor.Name)];
        Assert.Contains("run/adam.steps", names);
        Assert.DoesNotContain(SafetensorsFile.Open(_folder["model_best.safetensors"]).Tensors, tensor => tensor.Name.Contains('/'));
        Assert.Contains("run/adam.steps", Reste.Run("convert", _folder["checkpoint.safetensors"], "--list").AssertDone().Output);
        Reste.Run([.. command, "--estimator", "Bop", "--epochs", "1", "--resume"])
            .AssertRefused(ExitCode.Checkpoint, "--optimiser was AdamW, is SGD");
        Reste.Run([.. adam, "--epochs", "2", "--resume"]).AssertDone();
    }

    [Fact]
    public void A_best_file_is_evaluated_and_not_resumed_from()
    {
        string[] command = [.. s_small, "--epochs", "1", "--results_dir", _folder.Path];
        Reste.Run(command).AssertDone();
        Assert.DoesNotContain(SafetensorsFile.Open(_folder["model_best.safetensors"]).Tensors,
            tensor => tensor.Name.StartsWith("momentum/", StringComparison.Ordinal));
        Assert.Contains("Validation loss ", Reste.Run(["evaluate", _folder.Path, .. s_small]).AssertDone().Output);
        File.Copy(_folder["model_best.safetensors"], _folder["checkpoint.safetensors"], overwrite: true);
        Reste.Run([.. command, "--resume"]).AssertRefused(ExitCode.Checkpoint, "holds weights and statistics only, nothing to resume from",
            "a run goes on from the checkpoint.safetensors it left");
    }

    /// <summary>Two of four epochs, as the published trainer takes the flag, in a folder within the results folder.</summary>
    [Fact]
    public void A_run_begins_at_a_later_epoch_in_a_folder_of_its_own()
    {
        string[] command = [.. s_small, "--epochs", "4", "--start_epoch", "1", "--results_dir", _folder.Path, "--save", "late"];
        var run = Reste.Run(command).AssertDone();
        Assert.Contains($"results: {_folder["late"]}\n", run.Output);
        var rows = _folder.Lines("late/metrics.csv").Skip(1).Select(row => row.Split(',')).ToArray();
        Assert.Equal(["2", "3"], rows.Select(row => row[0]));
        // The cosine of four epochs at the third and at the last.
        Assert.Equal(0.05, double.Parse(rows[0][1], CultureInfo.InvariantCulture), 1e-9);
        Assert.Equal(0.014644660940672623, double.Parse(rows[1][1], CultureInfo.InvariantCulture), 1e-9);
        Assert.Contains("start_epoch:  1", _folder.Lines("late/argument.txt"));
        Assert.Contains("TRAINING - Epoch: [2][0/5]", _folder.Text("late/logger.log"));
        Assert.DoesNotContain("Epoch: [0]", _folder.Text("late/logger.log"));
        Assert.Equal("already finished: 4 epochs; nothing to train\n", Reste.Run([.. command, "--resume"]).AssertDone().Output);
        Reste.Run([.. command, "--start_epoch", "3"]).AssertRefused(ExitCode.Misuse, "--start_epoch 3 leaves nothing of --epochs 4");
    }

    [Theory]
    [InlineData("--val_split 0.5: it leaves 1 image to train on", "--limit_train", "2", "--val_split", "0.5")]
    [InlineData("--limit_train 1: it leaves 1 image to train on", "--limit_train", "1")]
    public void One_image_left_to_train_on_is_named(string words, params string[] flags)
    {
        Reste.Run([.. s_small, .. flags, "--results_dir", _folder["none"]]).AssertRefused(ExitCode.Misuse, words, "take more images");
        Assert.False(Directory.Exists(_folder["none"]));
    }

    private static string[] LinesWith(Reste.Finished run, string words) =>
        [.. run.Output.Split('\n').Where(line => line.StartsWith(words, StringComparison.Ordinal))];

    private static Reste.Finished RunUntil(string line, string[] command)
    {
        using var interruption = new Interruption(_ => { });
        using var output = new WatchedOutput(line, () => interruption.Raise(PosixSignal.SIGINT));
        return Reste.Run(command, interruption, output);
    }
}
