namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>What the command with the real engine and data sets refuses, in one line and with which exit code.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_gpu_that_is_not_there_exits_with_three()
    {
        using var process = Reste.Start(Reste.WithoutGpu, "--gpus", "0", "--results_dir", _folder["results"]);
        var run = Reste.Finish(process);
        run.AssertRefused(ExitCode.NoGpu);
        Assert.Equal("", run.Output);
        Assert.Matches(@"^reste: error: no usable GPU \(.+\); add --device cpu to train on this CPU\n$", run.Error);
        Assert.False(Directory.Exists(_folder["results"]));
    }

    [Fact]
    public void A_resume_without_a_checkpoint_exits_with_five() =>
        Reste.Run("--resume", "--device", "cpu", "--results_dir", _folder["results"])
            .AssertRefused(ExitCode.Checkpoint, "no checkpoint", _folder["results"]);

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(1000)]
    public void A_damaged_checkpoint_exits_with_five(int bytes)
    {
        File.WriteAllBytes(_folder["checkpoint.safetensors"], new byte[bytes]);
        string[] small =
            ["--device", "cpu", "--threads", "1", "--dataset", "shapes", "--limit_train", "16", "--limit_test", "16", "-b", "8"];
        Reste.Run([.. small, "--resume", "--results_dir", _folder.Path])
            .AssertRefused(ExitCode.Checkpoint, _folder["checkpoint.safetensors"]);
        string[] evaluate = ["--device", "cpu", "--threads", "1", "--dataset", "shapes", "--limit_test", "16"];
        Reste.Run(["evaluate", _folder["checkpoint.safetensors"], .. evaluate])
            .AssertRefused(ExitCode.Checkpoint, _folder["checkpoint.safetensors"]);
    }

    [Theory]
    [InlineData("--model resnet20_1w1", "unknown model 'resnet20_1w1' (did you mean 'resnet20_1w1a'?)")]
    [InlineData("--model vit", "unknown model 'vit' (known: ")]
    [InlineData("--dataset cifar_10", "unknown data set 'cifar_10' (did you mean 'cifar10'?)")]
    [InlineData("--estimator ReST", "unknown estimator 'ReST' (did you mean 'ReSTE'?)")]
    [InlineData("--estimator_arg tt=1", "'tt'")]
    [InlineData("--optimiser adem", "unknown optimiser 'adem' (did you mean 'Adam'?)")]
    [InlineData("--optimizer lamb", "unknown optimiser 'lamb' (known: SGD, Adam, AdamW)")]
    [InlineData("--estimator Bop --estimator_arg gamma=1.5", "--estimator_arg gamma=1.5: it must be a number above 0, at most 1")]
    [InlineData("--estimator Bop --estimator_arg threshold=0", "--estimator_arg threshold=0: it must be a positive number")]
    [InlineData("--estimator Bop --estimator_arg tau=1", "it takes gamma, threshold")]
    [InlineData("--momentun 0.9", "unknown flag '--momentun' (did you mean '--momentum'?)")]
    [InlineData("--lr -0.1", "--lr: -0.1 is out of range, it must not be negative")]
    [InlineData("--lr nan", "--lr: nan is not a finite number")]
    [InlineData("--lr inf", "--lr: 'inf' is not a number")]
    [InlineData("--lr 1e999", "--lr: 1e999 is not a finite number")]
    [InlineData("--momentum 1", "--momentum: 1 is out of range, it must be at least 0 and less than 1")]
    [InlineData("--weight_decay -1e-4", "--weight_decay: -1e-4 is out of range, it must not be negative")]
    [InlineData("--o_end nan", "--o_end: nan is not a finite number")]
    [InlineData("-b 0", "--batch_size: 0 is too small, it must be at least 1")]
    [InlineData("-bt 0", "--batch_size_test: 0 is too small, it must be at least 1")]
    [InlineData("-b 1", "use a batch size of 2 or more")]
    public void Misuse_exits_with_two_and_leaves_nothing(string arguments, string words)
    {
        string[] small =
            ["--dataset", "shapes", "--device", "cpu", "--limit_train", "16", "--limit_test", "16", "--results_dir", _folder["results"]];
        Reste.Run([.. small, .. arguments.Split(' ')]).AssertRefused(ExitCode.Misuse, words);
        Assert.False(Directory.Exists(_folder["results"]));
    }

    /// <summary>Root may write nearly everywhere, but there is no folder inside a file, and no process makes one in /proc.</summary>
    [Theory]
    [InlineData("file")]
    [InlineData("file/inside")]
    [InlineData("/proc/reste")]
    public void A_folder_that_cannot_be_written_exits_with_one(string folder)
    {
        Assert.SkipWhen(folder[0] == '/' && !Directory.Exists("/proc"), "there is no /proc");
        File.WriteAllText(_folder["file"], "kept");
        var path = Path.Combine(_folder.Path, folder);
        Reste.Run("--dataset", "shapes", "--device", "cpu", "--limit_train", "16", "--limit_test", "16", "-b", "8", "--results_dir", path)
            .AssertRefused(ExitCode.Failure, $"cannot write to the results folder '{path}'", "choose another with --results_dir");
        Assert.Equal("kept", _folder.Text("file"));
    }

    [Fact]
    public void A_last_batch_of_one_image_exits_with_two() =>
        Reste.Run(
                "--device", "cpu", "--dataset", "shapes", "--limit_train", "33", "--limit_test", "16", "-b", "16",
                "--results_dir", _folder["results"])
            .AssertRefused(ExitCode.Misuse, "single image", "15 or 17");
}
