using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Folders;

namespace ReSTE.Native.Images;

/// <summary>
/// A folder of images such as ImageNet's: `train` and `val`, in each of them a folder for every class, named alike. The classes are those
/// of `train`, numbered in the ordinal order of their names. `val` may also be as in TinyImageNet's archive: all images in `images`, and
/// `val_annotations.txt` with a line for each, its file and its class parted by a tab.
/// </summary>
public static class ImageFolder
{
    /// <summary>Where the published trainer looks for ImageNet.</summary>
    public const string DefaultPath = "/data/imagenet";

    /// <summary>The training part's folder.</summary>
    public const string TrainFolder = "train";

    /// <summary>ImageNet's number of classes, for whoever asks without its files.</summary>
    public const int ImageNetClasses = 1000;

    /// <summary>
    /// Finds the images without opening one. Training images are shown in random parts of at least 8 % of their area, resized and mirrored
    /// by chance, test images the centre of the whole; both as bytes of torchvision's pixels, to be normalised by ImageNet's statistics.
    /// </summary>
    /// <exception cref="DatasetException">
    /// A folder is missing, empty or may not be read, `val` has a class that `train` lacks, or a line of its list is wrong. An image that
    /// is damaged is found when it is read, with the same exception.
    /// </exception>
    /// <exception cref="ArgumentException">The options' sizes are no sizes.</exception>
    public static DataSplits Open(string path, ImageFolderOptions? options = null)
    {
        options ??= new();
        if (options.Side < 1 || options.ShortSide < options.Side)
            throw new ArgumentException($"images of side {options.Side} are no centre of images whose shorter side is {options.ShortSide}");
        string train = Part(path, TrainFolder), test = Part(path, "val");
        string[] classes = FolderScan.Classes(train), testClasses = FolderScan.Classes(test);
        bool isListed = ListedPart.Is(testClasses, classes);
        if (!isListed)
            CheckClasses(train, classes, test, testClasses);
        var (trainPart, trainOut) = FolderScan.Read(train, classes, classes.ToHashSet());
        var (testPart, testOut) = isListed
            ? new ListedPart(test, classes, train).Read()
            : FolderScan.Read(test, classes, testClasses.ToHashSet());
        return new DataSplits(new FolderDataset(trainPart, options), new FolderDataset(testPart, options),
            Preprocessing.Published with { CropPadding = 0 })
        {
            Notices = [.. options.Notices, .. new[] { trainOut, testOut, Missing(test, testPart) }.OfType<string>()],
        };
    }

    private static string Part(string path, string name)
    {
        string folder = Path.Combine(path, name);
        if (FolderTrouble.Explained(folder, () => Directory.Exists(folder) || File.GetAttributes(folder).HasFlag(FileAttributes.Directory)))
            return folder;
        throw FolderTrouble.Of(DatasetFault.Missing, folder, "it is no folder");
    }

    private static void CheckClasses(string train, string[] classes, string test, string[] testClasses)
    {
        string[] unknown = [.. testClasses.Except(classes)];
        if (unknown.Length > 0)
        {
            throw FolderTrouble.Of(DatasetFault.NotWhatItSays, Path.Combine(test, unknown[0]),
                $"{(unknown.Length == 1 ? "this class is" : $"this and {unknown.Length - 1} more classes are")} not in {train}: "
                + "every class to be judged by must be one to train on");
        }
    }

    private static string? Missing(string test, ImagePart part)
    {
        var (classes, judged) = (part.Classes, part.Labels.ToHashSet());
        string[] missing = [.. classes.Where((_, label) => !judged.Contains(label))];
        return missing.Length == 0
            ? null
            : $"{test} has no images of {missing.Length} of the {classes.Count} classes, such as {missing[0]}: they are not judged";
    }
}
