using System.Runtime.InteropServices;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>
/// The commands of the published trainer's usage section, as they stand there but for the folders and --device cpu, on a small CIFAR-10 and
/// on a small folder of images, there with smaller batches: each takes its first steps, and is interrupted then, for hundreds of epochs
/// are meant.
/// </summary>
public sealed class PublishedCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PublishedCommandTests() => SmallCifar10.Write(_folder["cifar"], imagesAFile: 60, testImages: 300);

    public void Dispose() => _folder.Dispose();

    /// <summary>Every alternative in the parentheses once, then the other arguments; binary weights are what --a32 is about.</summary>
    [Theory]
    [InlineData("resnet20_1w1a", "ReSTE", "")]
    [InlineData("resnet20_1w1a", "STE", "")]
    [InlineData("resnet20_1w1a", "ReSTE", "--a32")]
    [InlineData("resnet20_1w1a", "ReSTE", "--cal_ind --seed 7 --workers 4 --print_freq 1 --time_estimate 0")]
    [InlineData("resnet20_1w1a", "ReSTE", "--weight_decay 5e-4 --momentum 0.8")]
    [InlineData("resnet20_bireal_1w1a", "ReSTE", "")]
    [InlineData("resnet18_1w1a", "ReSTE", "")]
    [InlineData("vgg_small_1w1a", "ReSTE", "")]
    [InlineData("resnet20", "ReSTE", "")]
    [InlineData("resnet18", "ReSTE", "")]
    [InlineData("vgg_small", "ReSTE", "")]
    public void CIFAR10_training_takes_its_first_steps(string model, string estimator, string others) =>
        TakesItsFirstSteps([.. Command(model, estimator), .. Words(others)]);

    [Theory]
    [InlineData("resnet18_1w1a", "ReSTE")]
    [InlineData("resnet18_1w1a", "STE")]
    [InlineData("resnet34_1w1a", "ReSTE")]
    public void ImageNet_training_takes_its_first_steps(string model, string estimator)
    {
        BitmapFolder.Write(_folder["imagenet"], classes: 3, train: 2, test: 3);
        TakesItsFirstSteps(
        [
            "--gpus", "0", "--model", model, "--results_dir", _folder["results"], "--data_path", _folder["imagenet"],
            "--dataset", "imagenet", "--epochs", "250", "--lr", "0.1", "-b", "750", "-bt", "256", "--estimator", estimator, "--o_end", "3",
            "--device", "cpu", "-p", "1", "--progress", "plain", "-b", "3", "-bt", "3",
        ]);
    }

    private void TakesItsFirstSteps(string[] command)
    {
        var stopped = FirstSteps(command, "TRAINING - Epoch: [0][1/2]");
        Assert.Equal(ExitCode.Interrupted, stopped.ExitCode);
        Assert.DoesNotContain("error", stopped.Error);
        Assert.Contains(stopped.Output.Split('\n'), line => line.StartsWith("TRAINING - Epoch: [0][0/2]\t", StringComparison.Ordinal));
        Assert.True(File.Exists(_folder["results/checkpoint.safetensors"]));

        // --resume, with the same arguments as the published text has it, and --evaluate.
        var resumed = FirstSteps([.. command, "--resume"], "EVALUATING - Epoch: [0][2/3]");
        Assert.Equal(ExitCode.Interrupted, resumed.ExitCode);
        Assert.Contains(", after 2 steps of it", resumed.Error);
        var evaluated = Reste.Run([.. command, "--evaluate", _folder["results/checkpoint.safetensors"]]).AssertDone();
        Assert.Contains("Validation loss ", evaluated.Output);
    }

    /// <summary>The whole of a short run, with every option that is about its end.</summary>
    [Fact]
    public void A_short_one_runs_to_its_published_end()
    {
        string[] command = [.. Command("resnet20_1w1a", "ReSTE"), "--cal_ind"];
        command[Array.IndexOf(command, "1000")] = "2";
        Reste.Run(command).AssertDone();
        var log = _folder.Text("results/logger.log");
        Assert.Matches(@"\*{50}DONE\*{50}\n", log);
        Assert.Matches(@"Mean Estimating_Error: \d+\.\d{4} \tTotal stability_var: \d\S+ \n\n$", log);
        Assert.Matches(@"Time cost: \d\d:\d\d\tTime of Finish: ", log);
    }

    /// <summary>As in the published text, with --device cpu; two steps an epoch, so that the second is the smaller last one.</summary>
    private string[] Command(string model, string estimator) =>
    [
        "--gpus", "0", "--model", model, "--results_dir", _folder["results"], "--data_path", _folder["cifar"], "--dataset", "cifar10",
        "--epochs", "1000", "--lr", "0.1", "-b", "256", "-bt", "128", "--estimator", estimator, "--o_end", "3", "--warm_up",
        "--device", "cpu", "-p", "1", "--progress", "plain",
    ];

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs until a line begins so.</summary>
    private static Reste.Finished FirstSteps(string[] command, string line)
    {
        using var interruption = new Interruption(_ => { });
        using var output = new WatchedOutput(line, () => interruption.Raise(PosixSignal.SIGINT));
        return Reste.Run(command, interruption, output);
    }
}
