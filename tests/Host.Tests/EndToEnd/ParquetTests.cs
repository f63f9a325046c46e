namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>Data sets out of Parquet files as Hugging Face distributes them; tests/reference-data/parquet/make.mjs makes these.</summary>
public sealed class ParquetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cifar10", "20 training and 10 test images")]
    [InlineData("cifar100", "12 training and 6 test images")]
    public void Cifar_is_trained_on(string dataset, string images) => Assert.Contains($"on {dataset} ({images})",
        Train(dataset, Shards(dataset)).AssertDone().Output);

    [Fact]
    public void Official_files_are_preferred()
    {
        Copy("cifar10");
        File.WriteAllText(_folder["data/data_batch_1"], "x");
        Train("cifar10", _folder["data"]).AssertRefused(ExitCode.Data, "data_batch_");
    }

    [Fact]
    public void A_file_cut_short_and_another_set_exit_with_four()
    {
        Copy("cifar10");
        var test = _folder["data/test-00000-of-00001.parquet"];
        File.WriteAllBytes(test, File.ReadAllBytes(test)[..^100]);
        Train("cifar10", _folder["data"]).AssertRefused(ExitCode.Data, test, "it is no whole Parquet file");
        Train("cifar10", Shards("photographs")).AssertRefused(ExitCode.Data, "its column label has 4 classes, and cifar10 has 10");
        Train("cifar10", Shards("other")).AssertRefused(ExitCode.Data, "it has no column image.bytes");
    }

    private static string Shards(string name) => Path.Combine(AppContext.BaseDirectory, "reference-data", "parquet", name);

    private void Copy(string name)
    {
        Directory.CreateDirectory(_folder["data"]);
        foreach (var file in Directory.GetFiles(Shards(name)))
            File.Copy(file, Path.Combine(_folder["data"], Path.GetFileName(file)));
    }

    private Reste.Finished Train(string dataset, string path) => Reste.Run("--dataset", dataset, "--data_path", path, "--device", "cpu",
        "--threads", "1", "--epochs", "1", "-b", "5", "-bt", "5", "--results_dir", _folder["results"]);
}
