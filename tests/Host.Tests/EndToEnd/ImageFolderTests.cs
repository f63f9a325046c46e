namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>`--dataset imagenet` on a small folder: as many classes as it has, trained, evaluated, and refused where it is wrong.</summary>
public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ImageFolderTests()
    {
        using var engine = new EngineAdapter();
        BitmapFolder.Write(_folder["data"], classes: 3, train: 2, test: 1);
        Model = engine.Models("imagenet")[0];
    }

    private string Model { get; }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_trains_with_the_folders_number_of_classes_and_evaluates()
    {
        var run = Train().AssertDone();
        Assert.Contains($"training {Model}", run.Output);
        Assert.Contains("on imagenet (6 training and 3 test images)", run.Output);
        Reste.Run("evaluate", _folder["results"], "--dataset", "imagenet", "--model", Model, "--data_path", _folder["data"],
            "--device", "cpu", "-bt", "3").AssertDone();
    }

    [Fact]
    public void Limits_keep_images_of_every_class() =>
        Assert.Contains("(4 training and 2 test images)", Train("--limit_train", "4", "--limit_test", "2").AssertDone().Output);

    [Fact]
    public void A_folder_of_parquet_files_is_one_too()
    {
        var shards = Path.Combine(AppContext.BaseDirectory, "reference-data", "parquet", "photographs");
        var run = Reste.Run("--dataset", "imagenet", "--model", Model, "--data_path", shards, "--device", "cpu", "--epochs", "1", "-b", "4",
            "-bt", "3", "--results_dir", _folder["results"]);
        Assert.Contains("on imagenet (12 training and 3 test images)", run.AssertDone().Output);
    }

    [Fact]
    public void Parquet_files_in_folders_of_their_parts_are_one_too()
    {
        var shards = Path.Combine(AppContext.BaseDirectory, "reference-data", "parquet", "photographs", "data");
        foreach (var part in new[] { "train", "validation" })
        {
            Directory.CreateDirectory(_folder[$"packed/{part}"]);
            foreach (var file in Directory.GetFiles(shards, $"{part}-*"))
                File.Copy(file, _folder[$"packed/{part}/{Path.GetFileName(file)}"]);
        }
        var run = Reste.Run("--dataset", "imagenet", "--model", Model, "--data_path", _folder["packed"], "--device", "cpu", "--epochs", "1",
            "-b", "4", "-bt", "3", "--results_dir", _folder["results"]);
        Assert.Contains("on imagenet (12 training and 3 test images)", run.AssertDone().Output);
    }

    [Fact]
    public void What_is_wrong_with_it_exits_with_four()
    {
        Directory.CreateDirectory(_folder["data/train/empty"]);
        Train().AssertRefused(ExitCode.Data, _folder["data/train/empty"], "the class has no image");
        Directory.Delete(_folder["data/train/empty"]);
        File.WriteAllText(_folder["data/train/c1/0.bmp"], "BM");
        Train().AssertRefused(ExitCode.Data, _folder["data/train/c1/0.bmp"], "it is cut short");
        Directory.Delete(_folder["data/train/c1"], recursive: true);
        Train().AssertRefused(ExitCode.Data, _folder["data/val/c1"], "not in");
    }

    private Reste.Finished Train(params string[] more) => Reste.Run(
        ["--dataset", "imagenet", "--model", Model, "--data_path", _folder["data"], "--device", "cpu", "--threads", "2", "--epochs", "1",
            "-b", "2", "-bt", "2", "--workers", "2", "--results_dir", _folder["results"], .. more]);
}
