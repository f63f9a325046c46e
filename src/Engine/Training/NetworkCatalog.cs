using ReSTE.Native.Networks;

namespace ReSTE.Native.Training;

/// <summary>The published networks by the names that recipes carry; the data set decides what a name means.</summary>
public static class NetworkCatalog
{
    private static readonly Network[] Cifar =
    [
        new("resnet20_1w1a", ResNet20.Binary),
        new("resnet20", ResNet20.Real),
    ];

    private static readonly Dictionary<string, Network[]> ByDataset = new(StringComparer.Ordinal)
    {
        ["cifar10"] = Cifar,
        ["cifar100"] = Cifar,
        ["shapes"] = Cifar,
    };

    /// <summary>
    /// Names of the networks that exist for a data set. Throws <see cref="RecipeException"/> where the data set is unknown.
    /// </summary>
    public static IReadOnlyList<string> Names(string dataset) => [.. For(dataset).Select(n => n.Name)];

    /// <summary>The network of a name. Throws <see cref="RecipeException"/> where there is none.</summary>
    public static Network Find(string dataset, string model) => For(dataset).FirstOrDefault(n => n.Name == model)
        ?? throw UnknownName.Of(nameof(Recipe.Model), model, $"there is no such network for {dataset}", Names(dataset));

    private static Network[] For(string dataset) => ByDataset.TryGetValue(dataset, out Network[]? networks)
        ? networks
        : throw UnknownName.Of(nameof(Recipe.Dataset), dataset, "there is no such data set", [.. ByDataset.Keys]);
}
