using System.Runtime.InteropServices;

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

    /// <summary>Nine images trained on, three held out, all read from their files in every pass, on two threads.</summary>
    [Fact]
    public void A_part_of_it_is_held_out_and_an_interruption_changes_nothing()
    {
        BitmapFolder.Write(_folder["more"], classes: 3, train: 4, test: 1);
        string[] command =
        [
            "--dataset", "imagenet", "--model", Model, "--data_path", _folder["more"], "--device", "cpu", "--threads", "2", "--epochs", "2",
            "-b", "3", "-bt", "2", "--workers", "2", "--val_split", "0.25", "-p", "1", "--progress", "plain",
        ];
        var expected = Reste.Run([.. command, "--results_dir", _folder["whole"]]).AssertDone();
        Assert.Contains("on imagenet (9 training, 3 held-out and 3 test images)", expected.Output);
        using var interruption = new Interruption(_ => { });
        using var output = new WatchedOutput("TRAINING - Epoch: [1][1/3]", () => interruption.Raise(PosixSignal.SIGINT));
        Assert.Equal(ExitCode.Interrupted, Reste.Run([.. command, "--results_dir", _folder["results"]], interruption, output).ExitCode);
        var resumed = Reste.Run([.. command, "--results_dir", _folder["results"], "--resume"]).AssertDone();
        Assert.Equal(Checkpoints.Timeless(_folder.Lines("whole/metrics.csv")), Checkpoints.Timeless(_folder.Lines("results/metrics.csv")));
        foreach (var file in new[] { "checkpoint.safetensors", "model_best.safetensors" })
            Checkpoints.AssertSameTensors(_folder["whole/" + file], _folder["results/" + file]);
        foreach (var weights in new[] { "last", "best" })
        {
            string Tested(Reste.Finished run) => Assert.Single(run.Output.Split('\n'),
                line => line.StartsWith($"test images with the {weights} weights", StringComparison.Ordinal));
            Assert.Equal(Tested(expected), Tested(resumed));
        }
        // Another image in its place is other data, also where only its name tells.
        File.Move(_folder["more/train/c1/3.bmp"], _folder["more/train/c1/4.bmp"]);
        Reste.Run([.. command, "--results_dir", _folder["results"], "--resume"])
            .AssertRefused(ExitCode.Checkpoint, "the checkpoint was trained on other data");
    }

    private Reste.Finished Train(params string[] more) => Reste.Run(
        ["--dataset", "imagenet", "--model", Model, "--data_path", _folder["data"], "--device", "cpu", "--threads", "2", "--epochs", "1",
            "-b", "2", "-bt", "2", "--workers", "2", "--results_dir", _folder["results"], .. more]);
}
