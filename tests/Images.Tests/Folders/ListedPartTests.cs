using System.Text;
using ReSTE.Native.Datasets;
using SkiaSharp;

namespace ReSTE.Native.Images.Tests.Folders;

/// <summary>TinyImageNet as its archive unpacks: `val` holds one folder of images and a list of their classes.</summary>
public sealed class ListedPartTests : IDisposable
{
    private const string List = "val/val_annotations.txt";

    private static readonly ImageFolderOptions s_tiny = new() { Name = "tinyimagenet", Side = 64, ShortSide = 64 };

    private readonly TemporaryFolder _folder = new();

    public ListedPartTests()
    {
        foreach (var (label, name) in new[] { "n01", "n02", "n03" }.Index())
        {
            for (int i = 0; i < 2; i++)
                _folder.Write($"train/{name}/images/{name}_{i}.JPEG", Drawn.File(10 * label + i, 64, 64));
            _folder.Write($"train/{name}/{name}_boxes.txt", [1]);
        }
        for (int i = 0; i < 4; i++)
            _folder.Write($"val/images/val_{i}.JPEG", Drawn.File(50 + i, 64, 64));
        _folder.Write("test/images/test_0.JPEG", [1]);
        Annotate("val_0.JPEG\tn03\t0\t32\t44\t62", "val_1.JPEG\tn01\t1\t1\t2\t2", "val_2.JPEG\tn03\t1\t1\t2\t2",
            "val_3.JPEG\tn02\t1\t1\t2\t2");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_image_has_the_class_of_its_line()
    {
        var data = Open();
        Assert.Equal((3, 6, 4), (data.Train.Classes, data.Train.Count, data.Test.Count));
        // One of each class in turn, as of folders: the first images are of all classes.
        Assert.Equal(["n01: 51", "n02: 53", "n03: 50", "n03: 52"], Shown(data.Test));
        Assert.Equal([$"3 files have no image's ending and are left out: {_folder.At("train/n01/n01_boxes.txt")} is the first"],
            data.Notices);
    }

    [Fact]
    public void It_is_the_same_set_as_one_with_folders()
    {
        var listed = Open();
        string[] shown = [.. Shown(listed.Test)];
        foreach (var (name, label) in new[] { ("val_1", "n01"), ("val_3", "n02"), ("val_0", "n03"), ("val_2", "n03") })
            _folder.Write($"val/{label}/{name}.JPEG", File.ReadAllBytes(_folder.At($"val/images/{name}.JPEG")));
        Directory.Delete(_folder.At("val/images"), recursive: true);
        var folders = Open();
        Assert.Equal(Shown(folders.Test), shown);
        Assert.Equal(folders.Test.Identity(4, TestContext.Current.CancellationToken),
            listed.Test.Identity(4, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n\n")]
    public void Other_line_ends_a_mark_before_the_text_and_lines_of_two_fields_are_read(string end)
    {
        _folder.Write(List, [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes($"val_1.JPEG\tn01{end}val_0.JPEG\tn02{end}")]);
        var data = Open();
        Assert.Equal(["n01: 51", "n02: 50"], Shown(data.Test));
        Assert.Equal(
        [
            $"2 images have no line in {_folder.At(List)} and are left out: val_2.JPEG is the first",
            $"{_folder.At("val")} has no images of 1 of the 3 classes, such as n03: they are not judged",
        ], data.Notices.Skip(1));
    }

    [Fact]
    public void A_grey_image_has_its_grey_in_all_three_channels()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(64, 64, SKColorType.Gray8, SKAlphaType.Opaque));
        for (int i = 0; i < 64 * 64; i++)
            bitmap.GetPixelSpan()[i] = (byte)(i / 64 * 4);
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        _folder.Write("val/images/val_1.JPEG", data.ToArray());
        _folder.Write("train/n01/images/n01_0.JPEG", data.ToArray());
        var set = Open();
        byte[] pixels = Drawn.At(set.Test, 0);
        Assert.Equal(64 * 64 * 3, pixels.Length);
        Assert.All(pixels.Chunk(3), pixel => Assert.True(pixel[0] == pixel[1] && pixel[1] == pixel[2]));
        // The ramp from dark to light down the rows, as JPEG keeps it at this quality.
        Assert.InRange(pixels[(32 * 64 + 32) * 3], 32 * 4 - 3, 32 * 4 + 3);
        var part = new byte[pixels.Length];
        set.Train.ReadAugmented(0, 1, 2, part);
        Assert.All(part.Chunk(3), pixel => Assert.True(pixel[0] == pixel[1] && pixel[1] == pixel[2]));
        Assert.True(part.Max() > part.Min());
    }

    [Fact]
    public void A_missing_list_is_refused()
    {
        File.Delete(_folder.At(List));
        Refused(DatasetFault.Missing, "missing: it has the class of each image in " + _folder.At("val/images"));
    }

    [Fact]
    public void A_line_of_a_missing_file_is_refused()
    {
        File.Delete(_folder.At("val/images/val_2.JPEG"));
        Refused(DatasetFault.NotWhatItSays, "line 3: there is no val_2.JPEG in " + _folder.At("val/images"));
    }

    [Theory]
    [InlineData("val_3.JPEG\tn99", "line 2: the class n99 is not in ")]
    [InlineData("val_3.JPEG\timages", "line 2: the class images is not in ")]
    [InlineData("val_1.JPEG\tn02", "line 2: val_1.JPEG has a line already")]
    [InlineData("../images/val_3.JPEG\tn01", "line 2: there is no ../images/val_3.JPEG in ")]
    [InlineData("val_3.JPEG n01", "line 2: it does not have the name of an image's file, a tab, and the name of its class")]
    [InlineData("\tn01", "line 2: it does not have the name")]
    [InlineData("val_3.JPEG\t", "line 2: it does not have the name")]
    [InlineData("val_\u001b[31m.JPEG\tn01", "line 2: there is no val_?[31m.JPEG in ")]
    public void A_line_that_is_wrong_is_refused(string line, string words)
    {
        Annotate("val_1.JPEG\tn01", line);
        Refused(DatasetFault.NotWhatItSays, words);
    }

    [Fact]
    public void A_list_that_is_none_is_refused()
    {
        _folder.Write(List, [(byte)'\n', (byte)' ', (byte)'\n']);
        Refused(DatasetFault.Missing, "it names no image");
        _folder.Write(List, []);
        Refused(DatasetFault.Unreadable, "cannot be read: it has 0 bytes");
        _folder.Write(List, Drawn.File(1));
        Refused(DatasetFault.OtherForm, "it is no text (UTF-8)");
    }

    [Fact]
    public void An_empty_folder_of_images_is_refused_by_the_list()
    {
        Directory.Delete(_folder.At("val/images"), recursive: true);
        Directory.CreateDirectory(_folder.At("val/images"));
        Refused(DatasetFault.NotWhatItSays, "line 1: there is no val_0.JPEG in ");
    }

    [Fact]
    public void A_training_class_called_images_is_a_class()
    {
        _folder.Write("train/images/0.JPEG", Drawn.File(1, 64, 64));
        Assert.Equal((4, 4), (Open().Test.Classes, Open().Test.Count));
        Assert.All(Shown(Open().Test), shown => Assert.StartsWith("images: ", shown, StringComparison.Ordinal));
    }

    private void Annotate(params string[] lines) => _folder.Write(List, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    private DataSplits Open() => ImageFolder.Open(_folder.Path, s_tiny);

    /// <summary>Class and number of each image; the number is known by its pixels.</summary>
    private static IEnumerable<string> Shown(Dataset images)
    {
        string[] classes = ["n01", "n02", "n03"];
        if (images.Classes == 4)
            classes = ["images", .. classes];
        for (int i = 0; i < images.Count; i++)
        {
            var pixels = new byte[images.Shape.Bytes];
            int label = images.Read(i, pixels);
            // Red of the first rows is 17 times the number and a little, in a byte.
            int number = Enumerable.Range(50, 4).MinBy(n => Math.Abs((byte)(17 * n) - pixels[0]));
            yield return $"{classes[label]}: {number}";
        }
    }

    private void Refused(DatasetFault kind, string words)
    {
        var refusal = Assert.Throws<DatasetException>(Open);
        Assert.Equal((kind, _folder.At(List)), (refusal.Kind, refusal.File));
        Assert.StartsWith($"{_folder.At(List)}: {words}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
    }
}
