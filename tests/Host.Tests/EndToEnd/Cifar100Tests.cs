namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>The command with CIFAR-100: a hundred outputs, its own default folder, and training on files of the official form.</summary>
public sealed class Cifar100Tests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cifar10", "10 x 64")]
    [InlineData("cifar100", "100 x 64")]
    [InlineData("shapes", "10 x 64")]
    public void The_summary_shows_as_many_outputs_as_the_set_has_classes(string set, string weight)
    {
        foreach (string model in new[] { "resnet20", "resnet20_1w1a" })
        {
            var run = Reste.Run("summary", "--dataset", set, "--model", model);
            Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
            Assert.Matches($@"\nlinear +linear +{weight} ", run.Output);
        }
    }

    [Fact]
    public void Help_names_it_with_its_folder_and_every_form_of_files()
    {
        var help = Reste.Run("--help").Output;
        Assert.Contains("known: cifar10, cifar100, shapes", help);
        Assert.Matches("--data_path PATH .*Python or binary form, unpacked or as the official .tar.gz.*/data/cifar100 on cifar100", help);
    }

    [Fact]
    public void It_trains()
    {
        Write("train.bin", 32);
        Write("test.bin", 16);
        var run = Reste.Run(
            "--dataset", "cifar100", "--data_path", _folder.Path, "--device", "cpu", "--threads", "1", "--epochs", "1", "-b", "16",
            "--results_dir", _folder["results"]);
        string notice = $"{_folder.Path} is not the official CIFAR-100: 2 of its 2 files differ; it is used as it is\n";
        Assert.Equal((ExitCode.Done, notice), (run.ExitCode, run.Error));
        Assert.Contains("dataset:  cifar100", File.ReadAllText(Path.Combine(_folder["results"], "argument.txt")));
        Reste.Run("evaluate", Path.Combine(_folder["results"], "checkpoint.safetensors"), "--dataset", "cifar10", "--device", "cpu",
            "--data_path", _folder.Path).AssertRefused(ExitCode.Data, "holds CIFAR-100", "--dataset cifar100");
    }

    [Fact]
    public void A_damaged_archive_exits_with_four()
    {
        string archive = _folder["cifar-100-python.tar.gz"];
        File.WriteAllBytes(archive, [0x1f, 0x8b, .. new byte[100]]);
        Reste.Run("--dataset", "cifar100", "--data_path", archive, "--device", "cpu", "--results_dir", _folder["results"])
            .AssertRefused(ExitCode.Data, archive, "gzip");
    }

    [Fact]
    public void A_benchmarked_step_is_of_the_sets_network()
    {
        var run = Reste.Run("bench", "step", "--dataset", "cifar100", "--device", "cpu", "--batch", "4", "--steps", "1", "--warmup", "0");
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
    }

    /// <summary>Records of the binary form, with something in every image.</summary>
    private void Write(string name, int images)
    {
        byte[] records = [.. Enumerable.Range(0, images * 3074).Select(i => (byte)(i * 7))];
        for (int i = 0; i < images; i++)
            (records[i * 3074], records[i * 3074 + 1]) = ((byte)(i % 20), (byte)(99 - i));
        File.WriteAllBytes(_folder[name], records);
    }
}
