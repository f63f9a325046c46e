namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>A run goes on where it stopped: on the same GPU with the same bits, on another device from the same bits.</summary>
[Collection(EmulatedGpu.Collection)]
public sealed class CudaCheckpointTests : IDisposable
{
    private static readonly string[] s_two = [.. EmulatedGpu.Tiny, "--limit_train", "16", "--epochs", "2"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DeviceKind.Cpu, DeviceKind.Cuda)]
    [InlineData(DeviceKind.Cuda, DeviceKind.Cpu)]
    public void A_checkpoint_moves_between_devices(object from, object to)
    {
        var (recipe, path) = (EmulatedGpu.TinyRecipe with { LimitTrain = 16, Epochs = 2 }, _folder["checkpoint.safetensors"]);
        using (var first = EmulatedGpu.Begin(recipe, (DeviceKind)from))
        {
            first.RunEpoch(null, TestContext.Current.CancellationToken);
            first.Save(path);
        }
        using (var second = EmulatedGpu.Begin(recipe, (DeviceKind)to))
        {
            second.Resume(path, otherEpochs: false);
            second.Save(_folder["again.safetensors"]);
        }
        Checkpoints.AssertSameTensors(path, _folder["again.safetensors"]);

        var device = (DeviceKind)to == DeviceKind.Cpu ? "cpu" : "cuda";
        string[] arguments = [.. s_two, "--device", device, "--resume", "--results_dir", _folder.Path];
        var run = EmulatedGpu.Run([], arguments).AssertDone();
        Assert.Contains("resuming ", run.Error);
        Assert.StartsWith("1,", _folder.Lines("metrics.csv")[^1]);
    }

    /// <summary>The host asks for up to sixteen steps ahead, so the epoch is longer than that.</summary>
    [Fact]
    public void An_interrupted_run_goes_on_as_if_it_never_stopped()
    {
        string[] arguments =
        [
            .. EmulatedGpu.Tiny, "--limit_train", "36", "-b", "2", "--limit_test", "4", "-bt", "4", "--cal_ind",
            "--results_dir", _folder.Path,
        ];
        using var process = EmulatedGpu.Start([], arguments);
        Reste.InterruptWhen(process, _folder["logger.log"], "TRAINING - Epoch: [0][0/18]");
        var stopped = Reste.Finish(process);
        Assert.Equal((ExitCode.Interrupted, ""), (stopped.ExitCode, stopped.Error));
        Assert.Contains("interrupted by SIGINT in epoch 1 of 1", stopped.Output);
        Assert.DoesNotContain("[17/18]", _folder.Text("logger.log"));

        var resumed = EmulatedGpu.Run([], [.. arguments, "--resume"]).AssertDone();
        Assert.Matches(@"at epoch 1, after \d+ steps? of it", resumed.Error);
        using var whole = new TemporaryFolder();
        EmulatedGpu.Run([], [.. arguments, "--results_dir", whole.Path]).AssertDone();
        Checkpoints.AssertSameTensors(whole["checkpoint.safetensors"], _folder["checkpoint.safetensors"]);
        Assert.Equal(Checkpoints.Timeless(whole.Lines("metrics.csv")), Checkpoints.Timeless(_folder.Lines("metrics.csv")));
    }
}
