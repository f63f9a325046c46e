namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>What the command with the real engine and data sets refuses, in one line and with which exit code.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AGpuThatIsNotThereExitsWithThree()
    {
        using var process = Reste.Start(Reste.WithoutGpu, "--gpus", "0", "--results_dir", _folder["results"]);
        var run = Reste.Finish(process);
        run.AssertRefused(ExitCode.NoGpu);
        Assert.Equal("", run.Output);
        Assert.Matches(@"^reste: error: no usable GPU \(.+\); add --device cpu to train on this CPU\n$", run.Error);
        Assert.False(Directory.Exists(_folder["results"]));
    }

    [Fact]
    public void AMissingDataSetExitsWithFour() =>
        Reste.Run("--dataset", "cifar10", "--data_path", _folder["nonexistent"], "--device", "cpu", "--results_dir", _folder["results"])
            .AssertRefused(ExitCode.Data, _folder["nonexistent"]);

    [Fact]
    public void AResumeWithoutACheckpointExitsWithFive() =>
        Reste.Run("--resume", "--device", "cpu", "--results_dir", _folder["results"]).AssertRefused(ExitCode.Checkpoint, "no checkpoint", _folder["results"]);

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(1000)]
    public void ADamagedCheckpointExitsWithFive(int bytes)
    {
        File.WriteAllBytes(_folder["checkpoint.safetensors"], new byte[bytes]);
        string[] small = ["--device", "cpu", "--threads", "1", "--dataset", "shapes", "--limit_train", "16", "--limit_test", "16", "-b", "8"];
        Reste.Run([.. small, "--resume", "--results_dir", _folder.Path]).AssertRefused(ExitCode.Checkpoint, _folder["checkpoint.safetensors"]);
        Reste.Run(["evaluate", _folder["checkpoint.safetensors"], "--device", "cpu", "--threads", "1", "--dataset", "shapes", "--limit_test", "16"])
            .AssertRefused(ExitCode.Checkpoint, _folder["checkpoint.safetensors"]);
    }

    [Fact]
    public void AnUnknownModelExitsWithTwo() =>
        Reste.Run("--model", "resnet21", "--device", "cpu", "--results_dir", _folder["results"]).AssertRefused(ExitCode.Misuse, "resnet21", "resnet20");

    [Fact]
    public void AnUnknownEstimatorExitsWithTwo() =>
        Reste.Run("--estimator", "XNOR", "--device", "cpu", "--results_dir", _folder["results"]).AssertRefused(ExitCode.Misuse, "XNOR", "ReSTE");

    [Fact]
    public void ALastBatchOfOneImageExitsWithTwo() =>
        Reste.Run("--device", "cpu", "--dataset", "shapes", "--limit_train", "33", "--limit_test", "16", "-b", "16", "--results_dir", _folder["results"])
            .AssertRefused(ExitCode.Misuse, "single image", "15 or 17");
}
