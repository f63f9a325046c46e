using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Cifar;

/// <summary>CIFAR-10: ten classes, in six files of 10,000 images.</summary>
internal static class Cifar10
{
    private const int Batches = 5;

    // Those of Python's form are widely published. Those of the binary form follow from them: it holds the same images in the same order.
    private static readonly string[] s_pythonSums =
    [
        "c99cafc152244af753f735de768cd75f", "d4bba439e000b95fd0a9bffe97cbabec", "54ebc095f3ab1f0389bbae665268c751",
        "634d18415352ddfa80567beed471001a", "482c414d41f54cd18b22e5b47cb7c3cb", "40351d587109b95175f43aff81a1287e",
    ];

    private static readonly string[] s_binarySums =
    [
        "5dd7e06a14cb22eb9f671a540d1b7c25", "5ea93a67294ea407fff1d09f752e9692", "942cd6a4bcdd0dd3c604fbe906cb4421",
        "ae636b3ba5c66a11e91e8cb52e771fcb", "53f37980c15c3d472c316c40844f3f0d", "803d5f7f4d78ea53de84dbe85f74fb6d",
    ];

    public static readonly CifarSet Set = new(
        "cifar10", "CIFAR-10", Classes: 10, CoarseClasses: 0, LabelsKey: "labels",
        new("cifar-10-batches-py", "cifar-10-python", Files("", s_pythonSums), CifarPickle.Parse),
        new("cifar-10-batches-bin", "cifar-10-binary", Files(".bin", s_binarySums), CifarBinary.Parse),
        Preprocessing.Published);

    private static CifarFile[] Files(string extension, string[] sums) =>
    [
        .. Enumerable.Range(1, Batches).Select(i => CifarFile.Train10000($"data_batch_{i}{extension}", i, Batches, sums[i - 1])),
        CifarFile.Test10000("test_batch" + extension, sums[Batches]),
    ];
}
