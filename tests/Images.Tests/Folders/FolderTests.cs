using ReSTE.Native.Datasets;

namespace ReSTE.Native.Images.Tests.Folders;

/// <summary>Which files make a data set, in which order, and with which labels.</summary>
public sealed class FolderTests : IDisposable
{
    private static readonly ImageFolderOptions s_small = new() { Name = "small", Side = 32, ShortSide = 36 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Classes_are_the_sorted_folder_names_and_images_take_turns()
    {
        foreach (string name in new[] { "b", "a", "B", "a2" })
        {
            for (int i = 0; i < (name == "b" ? 3 : 1); i++)
                _folder.Write($"train/{name}/{i}.jpg", Drawn.File(i));
            _folder.Write($"val/{name}/0.jpg", Drawn.File(0));
        }
        var data = ImageFolder.Open(_folder.Path, s_small);
        // Ordinal: capitals first. One of each class, then what is left.
        Assert.Equal((4, 6, 4), (data.Train.Classes, data.Train.Count, data.Test.Count));
        Assert.Equal([0, 1, 2, 3, 3, 3], Labels(data.Train));
        Assert.Equal(new ImageShape(32, 32, 3), data.Train.Shape);
        Assert.Equal(("small", true, true), (data.Train.Name, data.Train.IsStreamed, data.Train.Limit(2).IsStreamed));
        Assert.Equal(Preprocessing.Published with { CropPadding = 0 }, data.Preprocessing);
        Assert.Empty(data.Notices);
    }

    [Fact]
    public void Known_endings_at_any_depth_are_images_and_others_are_counted()
    {
        _folder.Write("train/c/deep/er/1.PNG", Drawn.File(1, form: SkiaSharp.SKEncodedImageFormat.Png));
        _folder.Write("train/c/2.JpEg", Drawn.File(2));
        _folder.Write("train/c/notes.txt", [1]);
        _folder.Write("train/c/3.jpg.part", [1]);
        _folder.Write("train/stray.jpg", [1]);
        _folder.Write("val/c/1.webp", Drawn.File(3, form: SkiaSharp.SKEncodedImageFormat.Webp));
        _folder.Write("val/c/README", [1]);
        var data = ImageFolder.Open(_folder.Path, s_small);
        Assert.Equal((2, 1), (data.Train.Count, data.Test.Count));
        Assert.Equal(
        [
            $"2 files have no image's ending and are left out: {_folder.At("train/c/3.jpg.part")} is the first",
            $"1 file has no image's ending and is left out: {_folder.At("val/c/README")}",
        ], data.Notices);
    }

    [Fact]
    public void Links_to_files_and_classes_are_followed()
    {
        string image = _folder.Write("elsewhere/c/0.jpg", Drawn.File(0));
        Directory.CreateDirectory(_folder.At("train/own"));
        File.CreateSymbolicLink(_folder.At("train/own/link.jpg"), image);
        Directory.CreateSymbolicLink(_folder.At("train/c"), _folder.At("elsewhere/c"));
        Directory.CreateSymbolicLink(_folder.At("elsewhere/c/round"), _folder.At("elsewhere"));
        Directory.CreateSymbolicLink(_folder.At("val"), _folder.At("train"));
        var data = ImageFolder.Open(_folder.Path, s_small);
        Assert.Equal((2, 2), (data.Train.Count, data.Test.Count));
        Assert.Equal(Drawn.At(data.Train, 0), Drawn.At(data.Train, 1));
    }

    [Fact]
    public void A_class_that_only_train_has_is_said_and_keeps_its_number()
    {
        Drawn.Folder(_folder, classes: 3, train: 1, test: 1);
        Directory.Delete(_folder.At("val/c1"), recursive: true);
        var data = ImageFolder.Open(_folder.Path, s_small);
        Assert.Equal([0, 2], Labels(data.Test));
        Assert.Equal([$"{_folder.At("val")} has no images of 1 of the 3 classes, such as c1: they are not judged"], data.Notices);
    }

    [Fact]
    public void Identity_is_a_sum_of_names_sizes_and_classes_and_opens_nothing()
    {
        Drawn.Folder(_folder, classes: 2, train: 3, test: 1);
        string Sum(int count = 6) => ImageFolder.Open(_folder.Path, s_small).Train.Identity(count, TestContext.Current.CancellationToken);
        string first = Sum(), four = Sum(4);
        Assert.Equal(64, first.Length);
        string file = _folder.At("train/c1/002.jpg");
        byte[] content = File.ReadAllBytes(file);
        _folder.Write("train/c1/002.jpg", new byte[content.Length]);
        Assert.Equal(first, Sum());
        _folder.Write("train/c1/002.jpg", new byte[content.Length + 1]);
        Assert.NotEqual(first, Sum());
        Assert.Equal(four, Sum(4));
        _folder.Write("train/c1/002.jpg", content);
        File.Move(file, _folder.At("train/c1/003.jpg"));
        Assert.NotEqual(first, Sum());
        File.Move(_folder.At("train/c1/003.jpg"), file);
        Assert.Equal(first, Sum());
        Directory.Move(_folder.At("train/c1"), _folder.At("train/c2"));
        Directory.Move(_folder.At("val/c1"), _folder.At("val/c2"));
        Assert.NotEqual(first, Sum());
    }

    private static int[] Labels(Dataset images)
    {
        var pixels = new byte[images.Shape.Bytes];
        return [.. Enumerable.Range(0, images.Count).Select(i => images.Read(i, pixels))];
    }
}
