using ReSTE.Native.Networks;

namespace ReSTE.Native.Training;

/// <summary>The published networks by the names that recipes carry, ReSTE's first; the data set decides what a name means.</summary>
public static class NetworkCatalog
{
    // Images of 32x32 in colour, of 64x64, and of 224x224.
    private static readonly string[] s_small = ["cifar10", "cifar100", "shapes"], s_middle = ["tinyimagenet"], s_large = ["imagenet"];

    private static readonly (Network Network, string[] Datasets)[] s_rows =
    [
        (new("resnet20_1w1a", ResNet20.Binary), s_small),
        (new("resnet20_bireal_1w1a", ResNet20.BiReal), s_small),
        (new("resnet18_1w1a", CifarResNet18.Binary), s_small),
        (new("vgg_small_1w1a", VggSmall.Binary), s_small),
        (new("resnet20", ResNet20.Real), s_small),
        (new("resnet18", CifarResNet18.Real), s_small),
        (new("vgg_small", VggSmall.Real), s_small),
        (new("resnet18_1w1a", ImageNetResNet.Binary18), s_large),
        (new("resnet34_1w1a", ImageNetResNet.Binary34), s_large),
        (new("resnet18", ImageNetResNet.Real18), s_large),
        (new("resnet34", ImageNetResNet.Real34), s_large),
        (new("vgg16_binary", Vgg16.Binary), s_small),
        (new("resnet18_binary", FullyBinaryResNet18.Binary), [.. s_small, .. s_middle, .. s_large]),
    ];

    /// <summary>
    /// Names of the networks that exist for a data set. Throws <see cref="RecipeException"/> where the data set is unknown.
    /// </summary>
    public static IReadOnlyList<string> Names(string dataset) => [.. For(dataset).Select(n => n.Name)];

    /// <summary>The network of a name. Throws <see cref="RecipeException"/> where there is none.</summary>
    public static Network Find(string dataset, string model) => For(dataset).FirstOrDefault(n => n.Name == model)
        ?? throw UnknownName.Of(nameof(Recipe.Model), model, $"there is no such network for {dataset}", Names(dataset));

    /// <summary>Whether a name is that of a network for any data set.</summary>
    internal static bool Knows(string model) => s_rows.Any(row => row.Network.Name == model);

    private static Network[] For(string dataset)
    {
        Network[] networks = [.. from row in s_rows where row.Datasets.Contains(dataset) select row.Network];
        return networks.Length > 0
            ? networks
            : throw UnknownName.Of(nameof(Recipe.Dataset), dataset, "there is no such data set",
                [.. s_rows.SelectMany(row => row.Datasets).Distinct()]);
    }
}
