using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Resizing;
using ReSTE.Native.Images.Shards;

namespace ReSTE.Native.Images.Tests.Shards;

/// <summary>Shards as Hugging Face lays them out, written by DuckDB: tests/reference-data/parquet/make.mjs says what is in them.</summary>
public sealed class ParquetImagesTests : IDisposable
{
    private static readonly ImageShape s_cifar = new(32, 32, 3);
    private static readonly ImageFolderOptions s_small = new() { Side = 32, ShortSide = 36 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cifar10", 10, 20, 10, 1)]
    [InlineData("cifar100", 100, 12, 6, 3)]
    public void Cifar_is_read_whole(string name, int classes, int train, int test, int step)
    {
        var data = ParquetImages.OpenWhole(Shards(name), name, s_cifar, classes, Preprocessing.Published);
        Assert.Equal((name, train, test, classes), (data.Train.Name, data.Train.Count, data.Test.Count, data.Train.Classes));
        Assert.False(data.Train.IsStreamed);
        for (int i = 0; i < train + test; i++)
        {
            var (part, number) = i < train ? (data.Train, i) : (data.Test, i - train);
            var pixels = new byte[s_cifar.Bytes];
            Assert.Equal(i * step % classes, part.Read(number, pixels));
            Assert.Equal(Pixels(i, 32, 32), pixels);
        }
    }

    [Fact]
    public void Photographs_are_streamed_as_a_folders_are()
    {
        var data = ParquetImages.Open(Shards("photographs"), s_small);
        // Four classes by the file's own word, though labels go up to 2; what is called test has no labels and is not taken.
        Assert.Equal((12, 3, 4, true), (data.Train.Count, data.Test.Count, data.Train.Classes, data.Train.IsStreamed));
        Assert.Equal(Preprocessing.Published with { CropPadding = 0 }, data.Preprocessing);
        Assert.Empty(data.Notices);
        for (int i = 0; i < 12; i++)
        {
            var (test, part) = (new byte[data.Train.Shape.Bytes], new byte[data.Train.Shape.Bytes]);
            Assert.Equal((i % 3, i % 3), (data.Train.Read(i, test), data.Train.ReadAugmented(i, 5, 6, part)));
            var image = new ImageBuffer();
            int width = 40 + i % 5, height = 36 + i % 3;
            Fill(image.Begin(width, height), Pixels(i, width, height));
            Assert.Equal(Resized(image, ResizePlan.Centre(width, height, 36, 32)), test);
            Assert.Equal(Resized(image, ResizePlan.Part(RandomPart.Draw(5, 6, i, width, height), 32)), part);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    public void Little_memory_changes_nothing_but_a_notice(long budget)
    {
        DataSplits roomy = ParquetImages.Open(Shards("photographs"), s_small);
        DataSplits tight = ParquetImages.Open(Shards("photographs"), s_small, budget);
        Assert.Contains("are kept in memory", Assert.Single(tight.Notices));
        Parallel.For(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 4 }, k =>
            Assert.Equal(Drawn.At(roomy.Train, k * 7 % 12), Drawn.At(tight.Train, k * 7 % 12)));
        Assert.Equal(roomy.Train.Identity(12, TestContext.Current.CancellationToken),
            tight.Train.Identity(12, TestContext.Current.CancellationToken));
        Assert.NotEqual(roomy.Train.Identity(12, TestContext.Current.CancellationToken),
            roomy.Train.Identity(11, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Row_groups_asked_for_last_are_kept_up_to_the_budget_of_both_parts()
    {
        string[] names = ["train-00000-of-00002", "train-00001-of-00002", "validation-00000-of-00001"];
        ShardFile[] files = [.. names.Select(name => ShardFile.Open(Shards($"photographs/data/{name}.parquet"), ["label"]))];
        long[] bytes = [.. files.Select(file => file.ReadImages(0).Sum(image => (long)image.Length))];
        var cache = new ShardCache(budget: bytes[0] + Math.Max(bytes[1], bytes[2]));
        ShardStore train = new(files[..2], cache), test = new(files[2..], cache);
        Array.ForEach([0, 11], image => train.Read(image));
        Assert.Equal(bytes[0] + bytes[1], cache.BytesKept);
        // The first group becomes the last that was asked for: the second goes.
        train.Read(1);
        test.Read(0);
        Assert.Equal(bytes[0] + bytes[2], cache.BytesKept);
        var none = new ShardCache(budget: 1);
        new ShardStore(files, none).Read(11);
        Assert.Equal(bytes[1], none.BytesKept);
        Array.ForEach(files, file => file.Dispose());
    }

    [Theory]
    [InlineData("default/train/0000.parquet", "default/validation/0000.parquet")]
    [InlineData("train.parquet", "test.parquet")]
    [InlineData("a/b/train-00000-of-00001-abc.parquet", "valid-00000-of-00001.parquet")]
    public void Parts_are_told_by_the_names_of_files_or_folders(string train, string test)
    {
        Copy("photographs/data/train-00000-of-00002.parquet", train);
        Copy("photographs/data/validation-00000-of-00001.parquet", test);
        Assert.True(ParquetImages.IsIn(_folder.Path));
        var data = ParquetImages.Open(_folder.Path, s_small);
        Assert.Equal((7, 3), (data.Train.Count, data.Test.Count));
    }

    [Fact]
    public void A_part_that_is_not_there_is_refused()
    {
        Assert.False(ParquetImages.IsIn(_folder.Path));
        Assert.False(ParquetImages.IsIn(_folder.At("none")));
        Copy("photographs/data/train-00000-of-00002.parquet", "train.parquet");
        Refused(DatasetFault.Missing, _folder.Path, "no validation or test part among its Parquet files");
        File.Move(_folder.At("train.parquet"), _folder.At("test.parquet"));
        Refused(DatasetFault.Missing, _folder.Path, "no train part among its Parquet files");
    }

    [Fact]
    public void A_file_cut_short_is_refused_at_any_length()
    {
        Copy("photographs/data/validation-00000-of-00001.parquet", "test.parquet");
        byte[] whole = File.ReadAllBytes(Path.Combine(Shards("photographs"), "data", "train-00001-of-00002.parquet"));
        for (int length = 1; length < whole.Length; length += 211)
        {
            _folder.Write("train.parquet", whole[..length]);
            Refused(DatasetFault.Damaged, _folder.At("train.parquet"), "it is no whole Parquet file");
        }
        _folder.Write("train.parquet", []);
        Refused(DatasetFault.Unreadable, _folder.At("train.parquet"), "it has 0 bytes");
    }

    [Fact]
    public void A_file_without_the_columns_is_refused_by_those_it_has()
    {
        string path = Path.Combine(Shards("other"), "train-00000-of-00001.parquet");
        var refusal = Assert.Throws<DatasetException>(() => ParquetImages.Open(Shards("other"), s_small));
        Assert.Equal((DatasetFault.OtherForm, path), (refusal.Kind, refusal.File));
        Assert.Contains("it has no column image.bytes or img.bytes (an image as a file holds it), but number, text", refusal.Message);
    }

    [Fact]
    public void Images_that_are_only_named_are_refused()
    {
        var data = ParquetImages.Open(Shards("named"), s_small with { Name = "named" });
        var refusal = Assert.Throws<DatasetException>(() => Drawn.At(data.Train, 1));
        Assert.Contains("row 1 of row group 0 has no bytes", refusal.Message);
    }

    // Memory that comes from a pool holds what others left in it, which an image without bytes must not be taken for.
    [Fact]
    public void Images_that_are_only_named_are_refused_after_others_were_read()
    {
        var others = ParquetImages.Open(Shards("photographs"), s_small);
        for (int i = 0; i < others.Train.Count; i++)
            Drawn.At(others.Train, i);
        Images_that_are_only_named_are_refused();
    }

    [Fact]
    public void A_label_outside_the_classes_is_refused()
    {
        Copy("photographs/data/train-00000-of-00002.parquet", "train.parquet");
        Copy("photographs/data/test-00000-of-00001.parquet", "test.parquet");
        Refused(DatasetFault.WrongLabel, _folder.At("test.parquet"), "row 0 of row group 0 has the label -1, outside 0 to 3");
    }

    private void Refused(DatasetFault kind, string path, string words)
    {
        var refusal = Assert.Throws<DatasetException>(() =>
        {
            var data = ParquetImages.Open(_folder.Path, s_small);
            for (int i = 0; i < data.Train.Count; i++)
                Drawn.At(data.Train, i);
        });
        Assert.Equal((kind, path), (refusal.Kind, refusal.File));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
    }

    private void Copy(string shard, string name) => _folder.Write(name, File.ReadAllBytes(Shards(shard)));

    private static string Shards(string name) => Path.Combine(AppContext.BaseDirectory, "reference-data", "parquet", name);

    private static byte[] Pixels(int image, int width, int height) =>
    [
        .. from y in Enumerable.Range(0, height)
           from x in Enumerable.Range(0, width)
           from c in Enumerable.Range(0, 3)
           select (byte)(31 * image + 7 * x + 5 * y + 60 * c),
    ];

    private static void Fill(Span<byte> to, byte[] pixels)
    {
        for (int i = 0; i < pixels.Length / 3; i++)
            pixels.AsSpan(3 * i, 3).CopyTo(to[(4 * i)..]);
    }

    private static byte[] Resized(ImageBuffer image, ResizePlan plan)
    {
        var pixels = new byte[32 * 32 * 3];
        BilinearDefinition.Resize(image, plan, pixels);
        return pixels;
    }
}
