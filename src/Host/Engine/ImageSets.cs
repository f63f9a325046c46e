using ReSTE.Native.Datasets;
using ReSTE.Native.Images;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The data sets that are folders of images. Their number of classes is known once the folder is.</summary>
internal static class ImageSets
{
    private const string ImageNet = "imagenet", TinyImageNet = "tinyimagenet";

    private const int TinyClasses = 200, TinySide = 64;

    private static readonly string[] s_cifar = ["cifar10", "cifar100"];

    // CIFAR-100 names its hundred classes fine labels; the coarse ones are their groups.
    private static readonly string[] s_fineLabels = ["fine_label"], s_labels = ["label", "labels"];

    private static readonly ImageShape s_cifarShape = new(32, 32, 3);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [ImageNet, TinyImageNet];

    /// <summary>The size of any data set's images, as it is known without its files.</summary>
    public static ImageShape Shape(string dataset) => dataset switch
    {
        ImageNet => new(224, 224, 3),
        TinyImageNet => new(TinySide, TinySide, 3),
        _ => s_cifarShape,
    };

    /// <summary>The number of classes of any data set, as it is known without its files.</summary>
    public static int Classes(string dataset) => dataset switch
    {
        ImageNet => ImageFolder.ImageNetClasses,
        TinyImageNet => TinyClasses,
        _ => Data.Datasets.Classes(dataset),
    };

    /// <summary>Finds the images in a folder of folders, or in Parquet files where there is none; no image is decoded.</summary>
    public static DataSplits Open(Recipe recipe, string? path)
    {
        string folder = path ?? ImageFolder.DefaultPath;
        var options = new ImageFolderOptions { Name = recipe.Dataset };
        // Its images have that size already.
        if (recipe.Dataset == TinyImageNet)
            options = options with { Side = TinySide, ShortSide = TinySide };
        DataSplits whole = IsPacked(folder) ? ParquetImages.Open(folder, options) : ImageFolder.Open(folder, options);
        return whole.Limit(recipe.LimitTrain, recipe.LimitTest);
    }

    /// <summary>
    /// CIFAR out of Parquet files, where a folder holds those and nothing else of the set; null where it does not, or for another set.
    /// </summary>
    public static DataSplits? OpenPacked(Recipe recipe, string? path)
    {
        if (path is null || !s_cifar.Contains(recipe.Dataset) || Data.Datasets.Bytes(recipe.Dataset, path) > 0 || !ParquetImages.IsIn(path))
            return null;
        return ParquetImages.OpenWhole(path, recipe.Dataset, s_cifarShape, Data.Datasets.Classes(recipe.Dataset),
            Data.Datasets.PreprocessingOf(recipe.Dataset), recipe.Dataset == "cifar100" ? s_fineLabels : s_labels)
            .Limit(recipe.LimitTrain, recipe.LimitTest);
    }

    /// <summary>Whether a folder has Parquet files in place of the classes' folders, which may lie in `train` as those do.</summary>
    private static bool IsPacked(string folder)
    {
        string train = Path.Combine(folder, ImageFolder.TrainFolder);
        if (!Directory.Exists(train))
            return ParquetImages.IsIn(folder);
        return !Directory.EnumerateDirectories(train, "*", new EnumerationOptions()).Any() && ParquetImages.IsIn(train);
    }
}
