using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Cifar;

/// <summary>CIFAR-10: ten classes, in six files of 10,000 images.</summary>
internal static class Cifar10
{
    public static readonly CifarSet Set = new(
        "cifar10", "CIFAR-10", Classes: 10, CoarseClasses: 0, LabelsKey: "labels",
        new("cifar-10-batches-py", "cifar-10-python.tar.gz", Files(""), CifarPickle.Parse),
        new("cifar-10-batches-bin", "cifar-10-binary.tar.gz", Files(".bin"), CifarBinary.Parse),
        Preprocessing.Published);

    private static CifarFile[] Files(string extension) =>
    [
        .. Enumerable.Range(1, 5).Select(i => CifarFile.Of10000($"data_batch_{i}{extension}")),
        CifarFile.Of10000("test_batch" + extension),
    ];
}
