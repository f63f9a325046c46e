namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>`--dataset tinyimagenet` on a folder as its archive unpacks, with AdaSTE's network: trained, evaluated, refused.</summary>
public sealed class TinyImageNetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private readonly List<string> _lines = [];

    public TinyImageNetTests()
    {
        BitmapFolder.Write(_folder["data"], classes: 3, train: 2, test: 1);
        Directory.CreateDirectory(_folder["data/val/images"]);
        foreach (var name in (string[])["c0", "c1", "c2"])
        {
            // Its archive names every image .JPEG; what a file is, its content says.
            File.Move(_folder[$"data/val/{name}/0.bmp"], _folder[$"data/val/images/val_{_lines.Count}.JPEG"]);
            Directory.Delete(_folder[$"data/val/{name}"]);
            _lines.Add($"val_{_lines.Count}.JPEG\t{name}\t0\t0\t62\t62");
            Directory.CreateDirectory(_folder[$"data/train/{name}/images"]);
            for (int i = 0; i < 2; i++)
                File.Move(_folder[$"data/train/{name}/{i}.bmp"], _folder[$"data/train/{name}/images/{name}_{i}.JPEG"]);
        }
        File.WriteAllLines(_folder["data/val/val_annotations.txt"], _lines);
    }

    public void Dispose() => _folder.Dispose();

    // At its own 64 pixels and, as any folder of images, at 224, where a step takes long: one of two images. N is ten times the training
    // images at 64 pixels, and ten times the batches at 224.
    [Theory]
    [InlineData("tinyimagenet", 6, 3, "n=60) on tinyimagenet (6 training and 3 test images)")]
    [InlineData("imagenet", 2, 1, "n=10) on imagenet (2 training and 1 test image)")]
    public void AdaSte_trains_on_it_and_evaluates(string dataset, int train, int test, string words)
    {
        string[] images = ["--dataset", dataset, "--limit_test", $"{test}", "-bt", $"{test}"];
        var run = Train([.. images, "--limit_train", $"{train}", "-b", $"{Math.Min(train, 3)}", "--lr", "3e-4", "--results_dir",
            _folder["results"]]).AssertDone();
        Assert.Contains(words, run.Output);
        Assert.DoesNotContain("NaN", run.Output + string.Join(',', _folder.Lines("results/metrics.csv")));
        Reste.Run(["evaluate", _folder["results"], .. images, "--model", "resnet18_binary", "--a32", "--estimator", "AdaSTE", "--data_path",
            _folder["data"], "--device", "cpu"]).AssertDone();
    }

    [Fact]
    public void What_is_wrong_with_its_list_exits_with_four()
    {
        var list = _folder["data/val/val_annotations.txt"];
        File.Delete(list);
        Refused(list, "missing: it has the class of each image in");
        File.WriteAllLines(list, [.. _lines, "val_9.JPEG\tc1"]);
        Refused(list, "line 4: there is no val_9.JPEG in", "take the line out");
        File.WriteAllLines(list, ["val_0.JPEG\tc7", .. _lines]);
        Refused(list, "line 1: the class c7 is not in");
        Assert.False(Directory.Exists(_folder["none"]));
    }

    private void Refused(params string[] words) => Train("--results_dir", _folder["none"]).AssertRefused(ExitCode.Data, words);

    private Reste.Finished Train(params string[] more) => Reste.Run(["--dataset", "tinyimagenet", "--model", "resnet18_binary", "--a32",
        "--estimator", "AdaSTE", "--data_path", _folder["data"], "--device", "cpu", "--threads", "2", "--epochs", "1", "-b", "3",
        "-bt", "3", "--workers", "1", .. more]);
}
