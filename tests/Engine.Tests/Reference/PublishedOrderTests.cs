using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Networks;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>The order of every network's tensors, as the published modules register them: the recordings list gradients so.</summary>
[Trait("Category", "Reference")]
public sealed class PublishedOrderTests
{
    private const string Prefix = "f64.step0.grad_value/";

    /// <summary>The data set and network, and the recording that has its names.</summary>
    public static TheoryData<string, string, string> Networks => new()
    {
        { "cifar10", "resnet20_1w1a", "model.cifar10.resnet20_1w1a.*" },
        { "cifar10", "resnet20_bireal_1w1a", "model.cifar10.resnet20_bireal_1w1a.*" },
        { "cifar10", "resnet18_1w1a", "model.cifar10.resnet18_1w1a.*" },
        { "cifar10", "vgg_small_1w1a", "model.cifar10.vgg_small_1w1a.*" },
        { "cifar10", "resnet20", "model.cifar10.resnet20.*" },
        { "cifar10", "resnet18", "model.cifar10.resnet18.*" },
        { "cifar10", "vgg_small", "model.cifar10.vgg_small.*" },
        { "imagenet", "resnet18_1w1a", "model.imagenet.resnet18_1w1a.*" },
        { "imagenet", "resnet34_1w1a", "model.imagenet.resnet34_1w1a.*" },
        { "imagenet", "resnet18", "model.imagenet.resnet18.*" },
        // Never recorded: it differs from the binary one in its layers' kinds, not in their names.
        { "imagenet", "resnet34", "model.imagenet.resnet34_1w1a.*" },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Ours_written_for_PyTorch_is_in_the_published_order(string dataset, string model, string recording)
    {
        SafetensorsFile file = ReferenceFiles.Open(ReferenceFiles.Names(ReferenceFiles.Folder, recording + ".safetensors")[0]);
        string[] parameters = [.. file.Tensors.Select(t => t.Name).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..])];
        // A norm lists its statistics and its counter after its two parameters.
        var expected = parameters.SelectMany(name => name.EndsWith(".bias", StringComparison.Ordinal) && IsNorm(name[..^5])
            ? [name, name[..^5] + ".running_mean", name[..^5] + ".running_var", name[..^5] + ".num_batches_tracked"]
            : new[] { name });
        Assert.Equal(expected, PublishedState.Ordered(AsSaved(NetworkCatalog.Find(dataset, model), dataset)).Select(e => e.Name));

        bool IsNorm(string module) => module is not ("linear" or "fc");
    }

    [Fact]
    public void Every_catalogued_network_is_compared()
    {
        var compared = Networks.Select(row => row.Data).Select(row => (row.Item1, row.Item2));
        // AdaSTE's own come from other code, whose checkpoints nobody reads here: AdaSteModelReferenceTests hold their names.
        var known = new[] { "cifar10", "imagenet" }.SelectMany(set => NetworkCatalog.Names(set)
            .Where(name => !name.EndsWith("_binary", StringComparison.Ordinal)).Select(name => (set, name)));
        Assert.Equal(known.Order(), compared.Order());
    }

    /// <summary>Tensors in the order of a checkpoint of ours: parameters as they are recorded, statistics, counters.</summary>
    private static List<StateEntry> AsSaved(Network network, string dataset)
    {
        var image = dataset == "imagenet" ? new ImageShape(224, 224, 3) : new ImageShape(32, 32, 3);
        var layers = network.Summarize(image, 10);
        string[] norms = [.. layers.Where(l => l.Kind == LayerKind.BatchNorm).Select(l => l.Name)];
        IEnumerable<string> names =
        [
            .. layers.SelectMany(l => l.Kind == LayerKind.Conv ? [l.Name + ".weight"] : new[] { l.Name + ".weight", l.Name + ".bias" }),
            .. norms.SelectMany(name => new[] { name + ".running_mean", name + ".running_var" }),
            .. norms.Select(name => name + ".num_batches_tracked"),
        ];
        return [.. names.Select(name => new StateEntry(name, SafetensorsType.F32, [0], TensorView.Whole(default, [0])))];
    }
}
