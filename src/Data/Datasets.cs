using ReSTE.Native.Data.Cifar;
using ReSTE.Native.Messages;
using ReSTE.Native.Training;

namespace ReSTE.Native.Data;

/// <summary>The data sets by the names the command line uses.</summary>
public static class Datasets
{
    private const string Cifar10Name = "cifar10", ShapesName = "shapes";

    /// <summary>Every name <see cref="Open"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [Cifar10Name, ShapesName];

    /// <summary>Where the published trainer looks for CIFAR-10.</summary>
    public const string DefaultCifar10Path = "/data/cifar10";

    /// <summary>
    /// Opens a data set. <paramref name="path"/> is the folder of its files, null for where the published trainer looks; `shapes` needs
    /// none. A limit keeps the first images of a part; 0 keeps all.
    /// </summary>
    /// <exception cref="DatasetException">The name is unknown, or the files are missing or damaged.</exception>
    public static DataSplits Open(string name, string? path, int limitTrain = 0, int limitTest = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limitTrain);
        ArgumentOutOfRangeException.ThrowIfNegative(limitTest);
        var whole = name switch
        {
            Cifar10Name => Cifar10.Open(path ?? DefaultCifar10Path),
            ShapesName => ShapesDataset.Splits(limitTrain, limitTest),
            _ => throw new DatasetException(
                $"unknown data set '{OneLine.Of(name, 200)}'; {NearestName.Hint(name, Names)}"),
        };
        return whole with { Train = Limit(whole.Train, limitTrain), Test = Limit(whole.Test, limitTest) };
    }

    private static Dataset Limit(Dataset whole, int limit) => limit == 0 ? whole : whole.Limit(limit);
}
