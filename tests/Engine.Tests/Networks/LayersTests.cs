using ReSTE.Native.Datasets;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Networks;

/// <summary>The language of layers: shapes, names, and what does not fit, without a device.</summary>
public sealed class LayersTests
{
    private static readonly Initialisation s_any = Initialisation.Constant(0);

    private readonly Layers _net = new(new Shape(9, 8, 3));

    [Fact]
    public void Shapes_follow_from_the_layers()
    {
        Value x = _net.Conv("conv", _net.Image, 16, kernel: 3, stride: 2, padding: 1, s_any);
        Assert.Equal(new Shape(5, 4, 16), x.Shape);
        Assert.Equal(new Shape(3, 2, 32), _net.ShortcutPad("pad", x, 32).Shape);
        Assert.Equal(new Shape(5, 4, 8), _net.BinaryUnit("unit", "norm", x, 8, kernel: 1, stride: 1, padding: 0, s_any).Shape);
        Assert.Equal(x.Shape, _net.HardTanh("tanh", _net.BatchNorm("bn", x, x)).Shape);
        Assert.Equal(new Shape(3, 2, 16), _net.MaxPool("max", x, size: 3, stride: 2, padding: 1).Shape);
        Assert.Equal(new Shape(2, 2, 16), _net.MaxPool("max2", x, size: 2, stride: 2, padding: 0).Shape);
        Assert.Equal(new Shape(16), _net.AveragePool("pool", x).Shape);
        Assert.Equal(new Shape(5, 4, 16), _net.AveragePool("pool1", x, size: 1).Shape);
        Assert.Equal(new Shape(2, 2, 2), _net.AveragePool("pool2", _net.Conv("even", _net.Image, 2, 2, 2, 0, s_any), size: 2).Shape);
        Assert.Equal(new Shape(5, 4, 8), _net.BinaryConv("binary", x, 8, kernel: 3, stride: 1, padding: 1, s_any).Shape);
        Assert.Equal(new Shape(10), _net.BinaryLinear("binary-fc", _net.Flatten("flat3", x), 10, s_any).Shape);
        Assert.Equal(new Shape(320), _net.Flatten("flat", x).Shape);
        Assert.Equal(new Shape(10), _net.Linear("fc", _net.Flatten("flat2", x), 10, s_any, s_any).Shape);
    }

    [Fact]
    public void What_does_not_fit_says_what_was_expected()
    {
        Value pooled = _net.AveragePool("pool", _net.Image), small = _net.Conv("small", _net.Image, 4, 3, 4, 1, s_any);
        Refused(() => _net.Conv("c", pooled, 4, 3, 1, 1, s_any), "c: expected [H,W,C], got [3]");
        Refused(() => _net.Linear("fc", _net.Image, 4, s_any, s_any), "fc: expected [I], got [9,8,3]; pool or flatten it first");
        Refused(() => _net.BinaryLinear("fc", _net.Image, 4, s_any), "fc: expected [I], got [9,8,3]; pool or flatten it first");
        Refused(() => _net.BinaryConv("c", pooled, 4, 3, 1, 1, s_any), "c: expected [H,W,C], got [3]");
        Refused(() => _net.AveragePool("p", _net.Image, 4), "p: windows of 4x4 do not fill [9,8,3]");
        Refused(() => _net.Flatten("flat", pooled), "flat: expected [H,W,C], got [3]");
        Refused(() => _net.ShortcutPad("pad", small, 5), "pad: cannot widen [3,2,4] to 5 channels evenly on both sides");
        Refused(() => _net.BatchNorm("bn", small, _net.Image), "bn: the shortcut [9,8,3] and the input [3,2,4] must agree");
        Refused(() => _net.BinaryUnit("u", "n", small, 6, 3, 1, 1, s_any, shortcut: small),
            "n: the shortcut [3,2,4] and the input [3,2,6] must agree");
        Refused(() => _net.MaxPool("max", pooled, 2, 2, 0), "max: expected [H,W,C], got [3]");
        Refused(() => _net.MaxPool("max", small, 2, 2, 2),
            "max: no window of size 2, stride 2, padding 2: a size of 1 to 16, at most half of it padding");
        Refused(() => _net.MaxPool("max", small, 4, 2, 0), "max: a window of 4 is larger than the padded input [1,3,2,4]");
        Refused(() => _net.Conv("small", _net.Image, 4, 3, 1, 1, s_any), "small: two layers have this name");
        Refused(() => _net.Relu("a/b", small),
            "a/b: a layer's name has no '/', which files put between an optimiser's state and a parameter");
    }

    [Fact]
    public void A_value_of_another_network_is_refused()
    {
        var other = new Layers(new Shape(9, 8, 3));
        var network = new Network("mixed", (net, image, classes) =>
            net.Linear("fc", net.AveragePool("pool", other.Image), classes, s_any, s_any));
        using var device = new ReferenceDevice();
        var recipe = new Recipe { BatchSize = 2, BatchSizeTest = 2 };
        Dataset images = Dataset.FromArrays("images", new byte[4 * 216], [0, 1, 0, 1], new ImageShape(9, 8, 3), 2);
        var data = new DataSplits(images, images, new Preprocessing([0, 0, 0], [1, 1, 1], 0, false));
        Refused(() => new Trainer(recipe, device, data, network), "the value [9,8,3] belongs to another network");
    }

    // Kinds, shapes and counts of every published network come from the layers themselves.
    [Fact]
    public void A_summary_needs_neither_device_nor_estimator()
    {
        IReadOnlyList<LayerInfo> layers = NetworkCatalog.Find("cifar10", "resnet20_1w1a").Summarize(new ImageShape(32, 32, 3), 10);
        Assert.Equal(19 + 20 + 1, layers.Count);
        // Binary: 6 of 2,304, 4,608 and 5 of 9,216, 18,432 and 5 of 36,864. Real: a stem of 432, batch norms of
        // 32 + 1,344 + 128, a classifier of 650.
        Assert.Equal(267_264, layers.Where(l => l.IsBinary).Sum(l => l.Parameters));
        Assert.Equal(267_264 + 432 + 1_504 + 650, layers.Sum(l => l.Parameters));
        Assert.Equal(new LayerInfo("layer2.0.conv1", LayerKind.Conv, new Shape(32, 16, 3, 3), 4608, true, new Shape(16, 16, 32),
            256 * 4608),
            layers.Single(l => l.Name == "layer2.0.conv1"));
        Assert.Equal(new LayerInfo("linear", LayerKind.Linear, new Shape(10, 64), 650, false, new Shape(10), 640), layers[^1]);
        Assert.Equal(LayerKind.BatchNorm, layers[1].Kind);
    }

    // Counts of the published models; multiply-accumulates as He et al. give them (1.8 and 3.6 billion), and by hand for VGG-small.
    // Of the fully binary one, images of 64 pixels have a stem of stride 2 and then CIFAR's shapes, those of 224 49 times its products.
    [Theory]
    [InlineData("tinyimagenet", "resnet18_binary", 11_159_232 + 512 * 200 + 200, 11_159_232 + 512 * 200 + 200, 555_417_600 + 102_400)]
    [InlineData("imagenet", "resnet18_binary", 11_159_232 + 49 * 512_000 + 1000, 11_159_232 + 49 * 512_000 + 1000,
        49 * 555_417_600L + 49 * 512_000)]
    [InlineData("cifar10", "resnet20_1w1a", 269_850, 267_264, 40_550_400 + 640)]
    [InlineData("cifar10", "resnet20_bireal_1w1a", 269_850, 267_264, 40_550_400 + 640)]
    [InlineData("cifar10", "resnet18_1w1a", 11_174_986, 10_985_472, 555_417_600 + 5_120)]
    [InlineData("cifar10", "vgg_small_1w1a", 4_660_106, 4_571_136, 607_518_720 + 81_920)]
    [InlineData("cifar10", "vgg16_binary", 15_239_872, 15_239_872, 313_196_544 + 529_408)]
    [InlineData("cifar10", "resnet18_binary", 11_164_362, 11_164_362, 555_417_600 + 5_120)]
    [InlineData("imagenet", "resnet18_1w1a", 11_690_536, 10_985_472, 1_814_073_344)]
    [InlineData("imagenet", "resnet34_1w1a", 21_798_696, 21_086_208, 3_663_761_408)]
    public void Networks_have_the_published_numbers_of_parameters(string dataset, string model, long all, long binary, long products)
    {
        var (side, classes) = dataset switch { "cifar10" => (32, 10), "tinyimagenet" => (64, 200), _ => (224, 1000) };
        IReadOnlyList<LayerInfo> layers = NetworkCatalog.Find(dataset, model).Summarize(new ImageShape(side, side, 3), classes);
        Assert.Equal((all, binary, products), (layers.Sum(l => l.Parameters), layers.Where(l => l.IsBinary).Sum(l => l.Parameters),
            layers.Sum(l => l.MultiplyAdds)));
    }

    // The published trainer has no full-precision ResNet-34, and a VGG-small that cannot be made; one network is both forms elsewhere too.
    [Theory]
    [InlineData("cifar10", "resnet20")]
    [InlineData("cifar10", "resnet18")]
    [InlineData("cifar10", "vgg_small")]
    [InlineData("imagenet", "resnet18")]
    [InlineData("imagenet", "resnet34")]
    public void A_full_precision_network_has_the_parameters_of_the_binary_one(string dataset, string model)
    {
        ImageShape image = dataset == "cifar10" ? new(32, 32, 3) : new(224, 224, 3);
        Dictionary<string, Shape?> Weights(string name, out bool anyBinary)
        {
            IReadOnlyList<LayerInfo> layers = NetworkCatalog.Find(dataset, name).Summarize(image, 10);
            anyBinary = layers.Any(l => l.IsBinary);
            return layers.ToDictionary(l => l.Name, l => l.Weight);
        }

        Assert.Equal(Weights(model + "_1w1a", out bool binary), Weights(model, out bool real));
        Assert.Equal((true, false), (binary, real));
    }

    // Each method of the language once, so that every kind of layer is written.
    [Fact]
    public void Every_kind_of_layer_can_be_recorded_and_summarised()
    {
        var written = new HashSet<Type>();
        var network = new Network("everything", (net, image, classes) =>
        {
            Value x = net.Relu("relu", net.Conv("conv", image, 4, 3, 1, 1, s_any));
            x = net.HardTanh("tanh", net.BatchNorm("bn", net.ReluBatchNorm("relu-bn", x)));
            x = net.MaxPool("max", x, size: 3, stride: 1, padding: 1);
            x = net.BinaryUnit("unit", "norm", net.ShortcutPad("pad", x, 6), 6, 3, 1, 1, s_any);
            x = net.BinaryConv("binary", net.AveragePool("pool2", x, size: 2), 6, 3, 1, 1, s_any);
            x = net.BinaryLinear("binary-fc", net.AveragePool("pool", x), 4, s_any, s_any);
            x = net.Linear("fc", x, 2 * 2 * 3, s_any, s_any);
            Value y = net.Linear("classifier", net.Flatten("flat", image), classes, s_any, s_any);
            written.UnionWith(net.Written.Select(layer => layer.GetType()));
            return y;
        });
        IEnumerable<string> kinds = from type in typeof(Layer).Assembly.GetTypes()
                                    where type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract
                                    select type.Name;
        Assert.NotEmpty(network.Summarize(new ImageShape(4, 4, 3), 2));
        Assert.Equal(kinds.Order(), written.Select(type => type.Name).Order());
        using var device = new ReferenceDevice();
        var tape = new Tape(device, new ParameterSet(device), training: true);
        Variable images = tape.NewVariable("images", new Shape(3, 4, 4, 3), needsGradient: false);
        Assert.Equal(new Shape(3, 2), network.RecordOn(tape, new ClippedSte(), realActivations: false, images, classes: 2).Value.Shape);
    }

    [Fact]
    public void A_batch_norm_without_gamma_and_beta_owns_no_parameters()
    {
        var network = new Network("plain", (net, image, classes) => net.Linear("fc", net.AveragePool("pool",
            net.BatchNorm("bn", image, settings: BatchNormSettings.Default with { Affine = false })), classes, s_any, s_any));
        Assert.Equal(new LayerInfo("bn", LayerKind.BatchNorm, null, 0, false, new Shape(4, 4, 3), 0),
            network.Summarize(new ImageShape(4, 4, 3), 2)[0]);
    }

    private static void Refused(Action write, string message) => Assert.Equal(message, Assert.Throws<ArgumentException>(write).Message);
}
