using ReSTE.Native.Data.Cifar;
using ReSTE.Native.Datasets;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Data;

/// <summary>The data sets by the names the command line uses.</summary>
public static class Datasets
{
    private const string ShapesName = "shapes";

    /// <summary>Every name <see cref="Open"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. CifarSet.All.Select(set => set.Name), ShapesName];

    /// <summary>Where the published trainer looks for CIFAR-10.</summary>
    public const string DefaultCifar10Path = "/data/cifar10";

    /// <summary>Where CIFAR-100 is looked for.</summary>
    public const string DefaultCifar100Path = "/data/cifar100";

    /// <summary>
    /// Opens a data set. <paramref name="path"/> is the folder of its files, unpacked or as their official archive, or that archive itself,
    /// which need not be compressed; null means the default folder, and `shapes` needs none. Files are only read, archives in place. A
    /// limit keeps the first images of a part; 0 keeps all. What there is to know about the data is among their notices.
    /// </summary>
    /// <exception cref="DatasetException">The name is unknown, or the files are missing, damaged or not what they are called.</exception>
    public static DataSplits Open(string name, string? path, int limitTrain = 0, int limitTest = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limitTrain);
        ArgumentOutOfRangeException.ThrowIfNegative(limitTest);
        var whole = name switch
        {
            "cifar10" => Cifar10.Set.Open(path ?? DefaultCifar10Path),
            "cifar100" => Cifar100.Set.Open(path ?? DefaultCifar100Path),
            ShapesName => ShapesDataset.Splits(limitTrain, limitTest),
            _ => throw Unknown(name),
        };
        return whole.Limit(limitTrain, limitTest);
    }

    /// <summary>Number of classes of a data set, known without its files.</summary>
    /// <exception cref="DatasetException">The name is unknown.</exception>
    public static int Classes(string name) => name == ShapesName
        ? ShapesDataset.ClassNames.Count
        : CifarSet.All.FirstOrDefault(set => set.Name == name)?.Classes ?? throw Unknown(name);

    /// <summary>Names of the classes of a data set, in the order of its labels, known without its files; empty for any other set.</summary>
    public static IReadOnlyList<string> ClassNames(string name) => name switch
    {
        ShapesName => ShapesDataset.ClassNames,
        "cifar10" => CifarClasses.Ten,
        "cifar100" => CifarClasses.Hundred,
        _ => [],
    };

    /// <summary>How the images of a data set become inputs, wherever they come from.</summary>
    /// <exception cref="DatasetException">The name is none of a set that is read from files.</exception>
    public static Preprocessing PreprocessingOf(string name) =>
        CifarSet.All.FirstOrDefault(set => set.Name == name)?.Preprocessing ?? throw Unknown(name);

    /// <summary>
    /// Bytes of memory that an opened data set takes at least, known before it is opened: what its drawn images take, or its files, packed
    /// as they are; 0 where there are none. The arguments are those of <see cref="Open"/>.
    /// </summary>
    /// <exception cref="DatasetException">The name is unknown.</exception>
    public static long Bytes(string name, string? path, int limitTrain = 0, int limitTest = 0) => name switch
    {
        "cifar10" => CifarFiles.Bytes(path ?? DefaultCifar10Path, Cifar10.Set),
        "cifar100" => CifarFiles.Bytes(path ?? DefaultCifar100Path, Cifar100.Set),
        ShapesName => ShapesDataset.Bytes(limitTrain, limitTest),
        _ => throw Unknown(name),
    };

    private static DatasetException Unknown(string name) =>
        new(DatasetFault.UnknownName, $"unknown data set '{OneLine.Of(name, 200)}'; {NearestName.Hint(name, Names)}");
}
