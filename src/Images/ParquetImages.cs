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

    // More classes than any set has: a label beyond is none.
    private const int MostClasses = 1_000_000;

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
        ShardFile[] files = ShardFile.OpenAll([.. trainFiles, .. testFiles], s_labels);
        try
        {
            return Open(folder, options, files.AsSpan(..trainFiles.Length).ToArray(), files.AsSpan(trainFiles.Length..).ToArray(), budget);
        }
        catch
        {
            Array.ForEach(files, file => file.Dispose());
            throw;
        }
    }

    private static DataSplits Open(string folder, ImageFolderOptions options, ShardFile[] trainFiles, ShardFile[] testFiles, long budget)
    {
        long bytes = trainFiles.Concat(testFiles).Sum(file => file.Length);
        var cache = new ShardCache(budget);
        ShardStore train = new(trainFiles, cache), test = new(testFiles, cache);
        int classes = trainFiles[0].Classes() ?? ClassesOf(train);
        Check(train, classes);
        Check(test, classes);
        return new DataSplits(new ShardDataset(train, classes, options), new ShardDataset(test, classes, options),
            Preprocessing.Published with { CropPadding = 0 })
        {
            Notices = bytes <= budget ? options.Notices :
            [
                .. options.Notices,
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
    /// <param name="labels">What the column of labels may be called, the preferred one first.</param>
    /// <exception cref="DatasetException">A part is missing, a file damaged, or an image or label not one of the set's.</exception>
    public static DataSplits OpenWhole(string folder, string name, ImageShape shape, int classes, Preprocessing preprocessing,
        IReadOnlyList<string>? labels = null)
    {
        var (trainFiles, testFiles) = ShardFolder.Find(folder);
        Dataset Read(string[] files) => WholePart.Read(files, name, shape, classes, labels ?? s_labels);
        return new(Read(trainFiles), Read(testFiles), preprocessing);
    }

    private static int ClassesOf(ShardStore store)
    {
        long classes = store.Labels.DefaultIfEmpty(-1).Max() + 1L;
        if (classes <= MostClasses)
            return (int)classes;
        var (path, row) = store.PlaceOf(Array.FindIndex(store.Labels, label => label >= MostClasses));
        throw FolderTrouble.Of(DatasetFault.WrongLabel, path, FormattableString.Invariant(
            $"{row} has a label of {MostClasses} or more, which is no class of a set of photographs"));
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
