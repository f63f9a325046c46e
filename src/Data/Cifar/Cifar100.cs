namespace ReSTE.Native.Data.Cifar;

/// <summary>
/// CIFAR-100 by its fine labels: a hundred classes, in one file of 50,000 images and one of 10,000. The published trainer does not know
/// this set, so its preprocessing is our choice: the training images' own mean and deviation by channel, as most recipes for it have
/// them, with the published crop and flip.
/// </summary>
internal static class Cifar100
{
    public static readonly CifarSet Set = new(
        "cifar100", "CIFAR-100", Classes: 100, CoarseClasses: 20, LabelsKey: "fine_labels",
        new("cifar-100-python", "cifar-100-python", Files("", "16019d7e3df5f24257cddd939b257f8d", "f0ef6b0ae62326f3e7ffdfab6717acfc"),
            CifarPickle.Parse),
        new("cifar-100-binary", "cifar-100-binary", Files(".bin", null, null), CifarBinary.Parse),
        new([0.5071f, 0.4865f, 0.4409f], [0.2673f, 0.2564f, 0.2762f], CropPadding: 4, Flip: true));

    private static CifarFile[] Files(string extension, string? trainSum, string? testSum) =>
        [CifarFile.Train50000("train" + extension, trainSum), CifarFile.Test10000("test" + extension, testSum)];
}
