using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Tests.Reference;

namespace ReSTE.Native.Images.Tests.Folders;

/// <summary>What is wrong with a folder or an image in it is refused by its path, in one line.</summary>
public sealed class FolderDamageTests : IDisposable
{
    private static readonly ImageFolderOptions s_small = new() { Side = 32, ShortSide = 36 };

    private readonly TemporaryFolder _folder = new();

    public FolderDamageTests() => Drawn.Folder(_folder, classes: 2, train: 1, test: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_empty_class_is_refused()
    {
        _folder.Write("train/empty/notes.txt", [1]);
        Refused(DatasetFault.Missing, "train/empty", "the class has no image", Open);
    }

    [Fact]
    public void A_class_that_only_val_has_is_refused()
    {
        _folder.Write("val/other/1.jpg", Drawn.File(1));
        Refused(DatasetFault.NotWhatItSays, "val/other", "this class is not in", Open);
        _folder.Write("val/another/1.jpg", Drawn.File(1));
        Refused(DatasetFault.NotWhatItSays, "val/another", "this and 1 more classes are not in", Open);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("val")]
    public void A_missing_part_is_refused(string part)
    {
        Directory.Delete(_folder.At(part), recursive: true);
        Refused(DatasetFault.Missing, part, "missing", Open);
        _folder.Write(part, [1, 2, 3]);
        Refused(DatasetFault.Missing, part, "it is no folder", Open);
    }

    [Fact]
    public void A_part_without_classes_is_refused()
    {
        Directory.Delete(_folder.At("val"), recursive: true);
        Directory.CreateDirectory(_folder.At("val"));
        Refused(DatasetFault.Missing, "val", "it holds no folder", Open);
        _folder.Write("val/1.jpg", Drawn.File(1));
        Refused(DatasetFault.Missing, "val", "its images lie in no folders", Open);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void A_path_that_is_none_is_refused(string path) => Assert.Throws<DatasetException>(() => ImageFolder.Open(path));

    [Fact]
    public void A_folder_without_permission_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "permissions do not stop this user");
        Permit("train/c1", UnixFileMode.None);
        Refused(DatasetFault.Unreadable, "train/c1", "permission denied", Open);
        Permit("train/c1", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void A_file_of_no_bytes_is_refused() => RefusedImage([], DatasetFault.Unreadable, "it has 0 bytes");

    [Theory]
    [InlineData("no image at all, but text", "its content is no known form: JPEG, PNG")]
    [InlineData("x", "its content is no known form: JPEG, PNG")]
    [InlineData("II*\0 and so on", "its content is TIFF: JPEG, PNG")]
    [InlineData("P6 2 1 255 and so on", "its content is PPM: JPEG, PNG")]
    public void Other_content_is_refused_by_what_it_is(string content, string words) =>
        RefusedImage(System.Text.Encoding.ASCII.GetBytes(content), DatasetFault.OtherForm, words);

    [Fact]
    public void A_named_pipe_does_not_stop_the_run()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no named pipes in folders");
        File.Delete(_folder.At("train/c0/000.jpg"));
        using (var make = System.Diagnostics.Process.Start("mkfifo", [_folder.At("train/c0/000.jpg")]))
            make.WaitForExit();
        Refused(DatasetFault.Unreadable, "train/c0/000.jpg", "a pipe", () => Read(0));
    }

    [Fact]
    public void An_image_that_has_gone_is_refused()
    {
        var data = ImageFolder.Open(_folder.Path, s_small);
        File.Delete(_folder.At("train/c0/000.jpg"));
        Refused(DatasetFault.Missing, "train/c0/000.jpg", "missing", () => Drawn.At(data.Train, 0));
    }

    [Theory]
    [InlineData("made_444.JPEG")]
    [InlineData("made_progressive_420.JPEG")]
    [InlineData("made_cmyk.JPEG")]
    [InlineData("made_rgba.png")]
    public void An_image_cut_in_half_is_refused(string name)
    {
        byte[] whole = File.ReadAllBytes(ReferenceImages.Own(name));
        RefusedImage(whole[..(whole.Length / 2)], DatasetFault.Damaged, "it is cut short");
    }

    // The scans before the last one hold a whole image, only coarser.
    [Fact]
    public void A_progressive_image_without_its_end_is_refused()
    {
        byte[] whole = File.ReadAllBytes(ReferenceImages.Own("made_progressive_420.JPEG"));
        RefusedImage(whole[..^2], DatasetFault.Damaged, "no end-of-image marker follows its last scan");
    }

    [Fact]
    public void A_header_that_claims_60000_by_60000_is_refused_before_memory_is_taken()
    {
        byte[] image = Drawn.File(1);
        // The frame's segment: its marker, length, precision, then height and width.
        int frame = image.AsSpan().IndexOf(new byte[] { 0xFF, 0xC0 });
        foreach (int at in new[] { frame + 5, frame + 7 })
            (image[at], image[at + 1]) = (60_000 >> 8, 60_000 & 0xFF);
        long before = GC.GetTotalAllocatedBytes();
        RefusedImage(image, DatasetFault.Damaged, "its header claims 60000 x 60000 pixels");
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 16 << 20);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20_000, 2)]
    [InlineData(2, 20_000)]
    public void Images_of_odd_sizes_are_read(int width, int height)
    {
        _folder.Write("train/c0/000.jpg", Drawn.File(3, width, height));
        var train = ImageFolder.Open(_folder.Path, s_small).Train;
        var (test, part) = (Drawn.At(train, 0), new byte[train.Shape.Bytes]);
        train.ReadAugmented(0, 1, 2, part);
        Assert.True(test.AsSpan().ContainsAnyExcept((byte)0) && part.AsSpan().ContainsAnyExcept((byte)0));
    }

    // Damage leaves nothing in what is kept for the next image.
    [Fact]
    public void An_image_after_a_damaged_one_is_read_as_ever()
    {
        byte[] whole = File.ReadAllBytes(ReferenceImages.Own("made_444.JPEG"));
        _folder.Write("train/c0/000.jpg", whole[..(whole.Length / 2)]);
        _folder.Write("train/c1/000.jpg", whole);
        var train = ImageFolder.Open(_folder.Path, s_small).Train;
        byte[] before = Drawn.At(train, 1);
        Assert.Throws<DatasetException>(() => Drawn.At(train, 0));
        Assert.Equal(before, Drawn.At(train, 1));
    }

    private void Permit(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.At(path), mode);
    }

    private void Open() => ImageFolder.Open(_folder.Path, s_small);

    private void Read(int image) => Drawn.At(ImageFolder.Open(_folder.Path, s_small).Train, image);

    private void RefusedImage(byte[] content, DatasetFault kind, string words)
    {
        _folder.Write("train/c0/000.jpg", content);
        Refused(kind, "train/c0/000.jpg", words, () => Read(0));
        Assert.NotEmpty(Drawn.At(ImageFolder.Open(_folder.Path, s_small).Train, 1));
    }

    private void Refused(DatasetFault kind, string path, string words, Action read)
    {
        var refusal = Assert.Throws<DatasetException>(read);
        Assert.Equal((kind, _folder.At(path)), (refusal.Kind, refusal.File));
        Assert.StartsWith(_folder.At(path) + ": ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
    }
}
