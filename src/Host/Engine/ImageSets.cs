using ReSTE.Native.Datasets;
using ReSTE.Native.Images;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The data sets that are folders of images. Their number of classes is known once the folder is.</summary>
internal static class ImageSets
{
    private const string ImageNet = "imagenet";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [ImageNet];

    /// <summary>The size of any data set's images, as it is known without its files.</summary>
    public static ImageShape Shape(string dataset) => dataset == ImageNet ? new(224, 224, 3) : new(32, 32, 3);

    /// <summary>The number of classes of any data set, as it is known without its files.</summary>
    public static int Classes(string dataset) =>
        dataset == ImageNet ? ImageFolder.ImageNetClasses : Data.Datasets.Classes(dataset);

    /// <summary>Finds the images; none is opened, and none stays in memory.</summary>
    public static DataSplits Open(Recipe recipe, string? path)
    {
        var whole = ImageFolder.Open(path ?? ImageFolder.DefaultPath, new ImageFolderOptions { Name = recipe.Dataset });
        return whole with { Train = Limit(whole.Train, recipe.LimitTrain), Test = Limit(whole.Test, recipe.LimitTest) };
    }

    private static Dataset Limit(Dataset whole, int limit) => limit == 0 ? whole : whole.Limit(limit);
}
