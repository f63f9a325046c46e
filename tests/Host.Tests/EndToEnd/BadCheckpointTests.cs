using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>Checkpoints that cannot be gone on from: exit code 5, one line, and every file of the run as it was.</summary>
public sealed class BadCheckpointTests : IDisposable
{
    private static readonly string[] s_small =
    [
        "--device", "cpu", "--threads", "1", "--dataset", "shapes", "--limit_train", "32", "--limit_test", "16", "-b", "16", "-bt", "16",
        "--epochs", "1",
    ];

    private readonly TemporaryFolder _folder = new();

    public BadCheckpointTests() => Reste.Run([.. s_small, "--results_dir", _folder.Path]).AssertDone();

    private string Checkpoint => _folder["checkpoint.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Another_network()
    {
        AssertRefused(["--model", "resnet20"], "--model was resnet20_1w1a, is resnet20", "leave out --resume to start anew");
        AssertRefused(["--a32"], "--a32 was False, is True");
        Reste.Run(["evaluate", Checkpoint, .. s_small, "--model", "resnet20"])
            .AssertRefused(ExitCode.Checkpoint, "holds the network resnet20_1w1a", "give --model resnet20_1w1a");
        Reste.Run(["evaluate", Checkpoint, .. s_small, "--a32"]).AssertRefused(ExitCode.Checkpoint, "leave out --a32");
    }

    [Fact]
    public void Other_settings_are_all_listed() => AssertRefused(
        ["--lr", "0.2", "-b", "8", "--seed", "7", "--warm_up", "--estimator_arg", "t=2"],
        "--lr was 0.1, is 0.2", "--batch_size was 16, is 8", "--seed was 1234, is 7", "--warm_up was False, is True",
        "--estimator_arg was {\"interval\":0.1,\"t\":1.5}, is {\"interval\":0.1,\"t\":2}");

    [Fact]
    public void Another_data_set_and_other_activations_are_told_by_their_flags()
    {
        using var elsewhere = new TemporaryFolder();
        Reste.Run([.. s_small, "--a32", "--results_dir", elsewhere.Path]).AssertDone();
        Reste.Run(["evaluate", elsewhere["checkpoint.safetensors"], .. s_small])
            .AssertRefused(ExitCode.Checkpoint, "with real activations", "(give --a32)");
        var problem = new CheckpointException(CheckpointFault.OtherDataset, "c", "was trained on shapes, not on cifar10")
        {
            Settings = [new(nameof(Training.Recipe.Dataset), "shapes", "cifar10")],
        };
        Assert.Equal("give --dataset shapes", Trouble.Explain(problem).Hint);
    }

    [Fact]
    public void Other_images_are_refused_for_a_resumed_run_alone()
    {
        using var data = new TemporaryFolder();
        string[] flags = ["--dataset", "cifar10", "--device", "cpu", "--threads", "1", "-b", "10", "--epochs", "1"];
        var (here, there) = (SmallCifar10.Write(data["here"], 20, seed: 1), SmallCifar10.Write(data["there"], 20, seed: 2));
        var fewer = SmallCifar10.Write(data["fewer"], 10, seed: 1);
        Reste.Run([.. flags, "--results_dir", data["run"], "--data_path", here]).AssertDone();
        foreach (var path in new[] { there, fewer })
        {
            Reste.Run([.. flags, "--results_dir", data["run"], "--data_path", path, "--resume"]).AssertRefused(ExitCode.Checkpoint,
                "the checkpoint was trained on other data: its training and test images are not those given now",
                "(name the data it was trained on with --data_path, or leave out --resume to start anew)");
        }

        var run = Reste.Run(["evaluate", data["run"], "--dataset", "cifar10", "--device", "cpu", "--data_path", there]).AssertDone();
        Assert.Contains("evaluating on other data than ", run.Error);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.001)]
    [InlineData(0.5)]
    [InlineData(0.9999)]
    public void A_truncated_one(double share) => AssertDamageIsRefused(bytes => bytes[..(int)(share * bytes.Length)]);

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.0001)]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(0.9999)]
    public void A_flipped_bit(double share) => AssertDamageIsRefused(bytes =>
    {
        bytes[(int)(share * bytes.Length)] ^= 2;
        return bytes;
    });

    private void AssertDamageIsRefused(Func<byte[], byte[]> damage)
    {
        File.WriteAllBytes(Checkpoint, damage(File.ReadAllBytes(Checkpoint)));
        AssertRefused([], Checkpoint);
        Reste.Run(["evaluate", Checkpoint, .. s_small]).AssertRefused(ExitCode.Checkpoint, Checkpoint);
    }

    private void AssertRefused(string[] arguments, params string[] words)
    {
        var before = Files();
        Reste.Run([.. s_small, "--results_dir", _folder.Path, "--resume", .. arguments]).AssertRefused(ExitCode.Checkpoint, words);
        Assert.Equal(before, Files());
    }

    /// <summary>Every file a run leaves, by name and content.</summary>
    private string[] Files() => [.. Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal).Select(file =>
        $"{Path.GetFileName(file)} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}")];
}
