using ReSTE.Native.Datasets;

namespace ReSTE.Native.Images.Tests.Shards;

/// <summary>Which files make up a part, which column has the labels, and what is refused.</summary>
public sealed class ShardRefusalTests : IDisposable
{
    private static readonly ImageShape s_cifar = new(32, 32, 3);
    private static readonly ImageFolderOptions s_small = new() { Side = 32, ShortSide = 36 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("fine_label", 1, 2, 3)]
    [InlineData("label", 3, 2, 1)]
    public void The_preferred_column_has_the_labels_whichever_comes_first(string preferred, params int[] expected)
    {
        byte[] shard = DrawnShard.File<long>([1, 2, 3], columns: ["fine_label", "label"]);
        _folder.Write("train.parquet", shard);
        _folder.Write("test.parquet", shard);
        string[] names = preferred == "label" ? ["label", "fine_label"] : ["fine_label", "label"];
        var data = ParquetImages.OpenWhole(_folder.Path, "any", s_cifar, 4, Preprocessing.Published, names);
        Assert.Equal(expected, Enumerable.Range(0, 3).Select(i => data.Train.Read(i, new byte[s_cifar.Bytes])));
        // Photographs prefer the plain name.
        var photographs = ParquetImages.Open(_folder.Path, s_small);
        Assert.Equal([3, 2, 1], Enumerable.Range(0, 3).Select(i => photographs.Train.Read(i, new byte[s_cifar.Bytes])));
    }

    [Fact]
    public void A_column_of_another_set_is_refused()
    {
        Write("train.parquet", 1, 2, 3);
        Write("test.parquet", 1, 2, 3);
        var refusal = Assert.Throws<DatasetException>(
            () => ParquetImages.OpenWhole(_folder.Path, "cifar100", s_cifar, 100, Preprocessing.Published, ["fine_label"]));
        Assert.Equal(DatasetFault.OtherForm, refusal.Kind);
        Assert.Contains("it has no column fine_label (a class's number), but image, label", refusal.Message);
    }

    [Fact]
    public void Another_number_of_classes_is_refused()
    {
        _folder.Write("train.parquet", DrawnShard.File<long>([1, 2],
            metadata: """{"info":{"features":{"label":{"names":["a","b","c"]}}}}"""));
        Write("test.parquet", 1);
        var refusal = Assert.Throws<DatasetException>(
            () => ParquetImages.OpenWhole(_folder.Path, "cifar10", s_cifar, 10, Preprocessing.Published));
        Assert.Equal((DatasetFault.OtherDataset, _folder.At("train.parquet")), (refusal.Kind, refusal.File));
        Assert.Contains("its column label has 3 classes, and cifar10 has 10", refusal.Message);
    }

    [Fact]
    public void Labels_of_unsigned_types_are_read()
    {
        Labels<byte>(1, 200);
        Labels<ushort>(1, 60000);
        Labels<uint>(1, 70000);
        Labels<ulong>(1, 70000);
        Labels<sbyte>(1, 100);
        Labels<short>(1, 30000);
        Labels<int>(1, 70000);
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(int.MaxValue)]
    [InlineData(long.MaxValue)]
    public void A_label_that_needs_endless_classes_is_refused(long label)
    {
        Write("train-00000-of-00002.parquet", 1, 2);
        Write("train-00001-of-00002.parquet", 0, label);
        Write("test.parquet", 1);
        Refused(DatasetFault.WrongLabel, "train-00001-of-00002.parquet", "row 1 of row group 0 has a label of 1000000 or more");
    }

    [Fact]
    public void An_image_in_a_later_row_group_is_named_by_its_row_in_the_file()
    {
        _folder.Write("train.parquet", DrawnShard.File<long>([1, 2, 3, 4, 77], group: 2));
        Write("test.parquet", 1);
        var refusal = Assert.Throws<DatasetException>(
            () => ParquetImages.OpenWhole(_folder.Path, "cifar10", s_cifar, 10, Preprocessing.Published));
        Assert.Contains("image 4 has the label 77", refusal.Message);
        _folder.Write("train.parquet", DrawnShard.File<long>([1, 2, 3], group: 2, image: Drawn.File(1, 33, 32)));
        refusal = Assert.Throws<DatasetException>(
            () => ParquetImages.OpenWhole(_folder.Path, "cifar10", s_cifar, 10, Preprocessing.Published));
        Assert.Contains("image 0 has 33 x 32 pixels", refusal.Message);
    }

    [Fact]
    public void Files_of_two_sets_are_refused_with_both_folders()
    {
        Write("a/train-00000-of-00001.parquet", 1);
        Write("b/train-00000-of-00001.parquet", 1);
        Write("a/test-00000-of-00001.parquet", 1);
        Refused(DatasetFault.NotWhatItSays, "", $"of the train part lie in more than one folder, {_folder.At("a")} and {_folder.At("b")}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_file_that_is_not_there_is_named(int missing)
    {
        Write("test.parquet", 1);
        for (int i = 0; i < 3; i++)
            Write($"train-0000{i}-of-00003.parquet", 1);
        File.Delete(_folder.At($"train-0000{missing}-of-00003.parquet"));
        Refused(DatasetFault.Missing, $"train-0000{missing}-of-00003.parquet", "missing: 2 of the 3 files of this part are there");
    }

    [Fact]
    public void Files_of_two_counts_are_refused()
    {
        Write("test.parquet", 1);
        Write("train-00000-of-00001.parquet", 1);
        Write("train-00001-of-00002.parquet", 1);
        Refused(DatasetFault.NotWhatItSays, "train-00001-of-00002.parquet", "it is not of the same 00001 files as");
        File.Move(_folder.At("train-00001-of-00002.parquet"), _folder.At("train-00000-of-00001-abc.parquet"));
        Refused(DatasetFault.NotWhatItSays, "", "it holds 2 files of a part that has 1");
    }

    // A cache of downloads names the contents of files by their sums, and links to them.
    [Fact]
    public void Links_to_files_are_followed_with_their_sizes_and_links_to_folders_are_not()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a right of their own");
        Write("set/blobs/1", 1, 2, 3);
        Directory.CreateDirectory(_folder.At("set/data"));
        foreach (string part in new[] { "train", "test" })
            File.CreateSymbolicLink(_folder.At($"set/data/{part}-00000-of-00001.parquet"), "../blobs/1");
        Directory.CreateSymbolicLink(_folder.At("set/again"), _folder.At("set/data"));
        Directory.CreateSymbolicLink(_folder.At("set/round"), _folder.At("set"));
        var linked = ParquetImages.Open(_folder.At("set"), s_small, budget: 10);
        string Identity(DataSplits data) => data.Train.Identity(3, TestContext.Current.CancellationToken);
        Assert.Contains("take ", Assert.Single(linked.Notices));
        Write("plain/train-00000-of-00001.parquet", 1, 2, 3);
        Write("plain/test-00000-of-00001.parquet", 1, 2, 3);
        var plain = ParquetImages.Open(_folder.At("plain"), s_small, budget: 10);
        Assert.Equal(Identity(plain), Identity(linked));
        Assert.Equal(Tail(plain), Tail(linked));

        // After the folder's name: the bytes that they take.
        static string Tail(DataSplits data) => data.Notices[0][data.Notices[0].IndexOf(" take ", StringComparison.Ordinal)..];
    }

    [Fact]
    public void Nothing_stays_open_of_a_set_that_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "open files are listed by /proc");
        Write("train-00000-of-00002.parquet", 1);
        Write("test.parquet", 1);
        _folder.Write("train-00001-of-00002.parquet", [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        Refused(DatasetFault.Damaged, "train-00001-of-00002.parquet", "it is no whole Parquet file");
        Assert.DoesNotContain(Directory.GetFiles("/proc/self/fd"), name =>
            new FileInfo(name).LinkTarget is { } target && target.StartsWith(_folder.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void Images_of_another_size_are_not_cifar()
    {
        string photographs = Path.Combine(AppContext.BaseDirectory, "reference-data", "parquet", "photographs");
        var refusal = Assert.Throws<DatasetException>(
            () => ParquetImages.OpenWhole(photographs, "four", s_cifar, 4, Preprocessing.Published));
        Assert.Contains("image 0 has 40 x 36 pixels, not 32 x 32", refusal.Message);
    }

    private void Write(string name, params long[] labels) => _folder.Write(name, DrawnShard.File(labels));

    private void Labels<T>(params T[] labels) where T : struct, IConvertible
    {
        _folder.Write("train.parquet", DrawnShard.File(labels));
        _folder.Write("test.parquet", DrawnShard.File(labels));
        var train = ParquetImages.Open(_folder.Path, s_small).Train;
        Assert.Equal(labels.Select(label => label.ToInt32(null)), [train.Read(0, new byte[3072]), train.Read(1, new byte[3072])]);
    }

    private void Refused(DatasetFault kind, string name, string words)
    {
        var refusal = Assert.Throws<DatasetException>(() => ParquetImages.Open(_folder.Path, s_small));
        Assert.Equal((kind, name.Length == 0 ? _folder.Path : _folder.At(name)), (refusal.Kind, refusal.File));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
    }
}
