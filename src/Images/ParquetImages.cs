using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Folders;
using ReSTE.Native.Images.Shards;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Images;

/// <summary>
/// Images in Parquet files as Hugging Face distributes them: `train-*.parquet` and `validation-*.parquet` (or `val`, `valid`, `test`) in a
/// folder or below it, with the columns `image{bytes,path}` or `img{bytes,path}`, and `label`, or CIFAR-100's `fine_label`.
/// </summary>
public static class ParquetImages
{
    // Bytes of encoded images that are kept at most, and the share of the memory.
    private const long MostKept = 4L << 30;
    private const int MemoryShare = 4;

    private static readonly string[] s_labels = ["label", "labels", "fine_label"];

    /// <summary>Whether a folder, or one in it, holds Parquet files that can be seen.</summary>
    public static bool IsIn(string folder) => ShardFolder.HasAny(folder);

    /// <summary>
    /// Opens a set of photographs of any size. They become what <see cref="ImageFolder.Open"/> makes of a folder's, and are read by row
    /// groups, which are kept where memory has room for them.
    /// </summary>
    /// <exception cref="DatasetException">A part is missing, or a file is damaged or without the columns.</exception>
    public static DataSplits Open(string folder, ImageFolderOptions? options = null) =>
        Open(folder, options ?? new(), Math.Min(MostKept, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryShare));

    /// <summary>The same, keeping no more than a number of bytes.</summary>
    internal static DataSplits Open(string folder, ImageFolderOptions options, long budget)
    {
        var (trainFiles, testFiles) = ShardFolder.Find(folder);
        long bytes = trainFiles.Concat(testFiles).Sum(file => new FileInfo(file).Length);
        var train = new ShardStore([.. trainFiles.Select(file => ShardFile.Open(file, s_labels))], budget);
        var test = new ShardStore([.. testFiles.Select(file => ShardFile.Open(file, s_labels))], budget / MemoryShare);
        int classes = train.Files[0].Classes() ?? train.Labels.DefaultIfEmpty(-1).Max() + 1;
        Check(train, classes);
        Check(test, classes);
        return new DataSplits(new ShardDataset(train, classes, options), new ShardDataset(test, classes, options),
            Preprocessing.Published with { CropPadding = 0 })
        {
            Notices = bytes <= budget ? [] :
            [
                $"the Parquet files in {OneLine.Of(folder)} take {ByteSize.Text(bytes)}, of which {ByteSize.Text(budget)} are kept in "
                    + "memory: the others are read by whole row groups, again and again; images unpacked into folders are read faster",
            ],
        };
    }

    /// <summary>
    /// Reads a whole set of small images of one size, such as CIFAR's: its train part and its other one, pixels and labels.
    /// </summary>
    /// <param name="folder">Where the Parquet files are.</param>
    /// <param name="name">What the set is called.</param>
    /// <param name="shape">Size of every image, in three channels.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="preprocessing">How bytes become inputs.</param>
    /// <exception cref="DatasetException">A part is missing, a file damaged, or an image or label not one of the set's.</exception>
    public static DataSplits OpenWhole(string folder, string name, ImageShape shape, int classes, Preprocessing preprocessing)
    {
        var (trainFiles, testFiles) = ShardFolder.Find(folder);
        return new(WholePart.Read(trainFiles, name, shape, classes), WholePart.Read(testFiles, name, shape, classes), preprocessing);
    }

    private static void Check(ShardStore store, int classes)
    {
        if (store.Labels.Length == 0)
            throw FolderTrouble.Of(DatasetFault.Missing, store.Files[0].Path, "it holds no images");
        int wrong = Array.FindIndex(store.Labels, label => (uint)label >= (uint)classes);
        if (wrong >= 0)
        {
            var (path, row) = store.PlaceOf(wrong);
            throw FolderTrouble.Of(DatasetFault.WrongLabel, path, FormattableString.Invariant(
                $"{row} has the label {store.Labels[wrong]}, outside 0 to {classes - 1}"));
        }
    }
}
