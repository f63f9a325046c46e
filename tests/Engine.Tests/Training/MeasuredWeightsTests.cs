using ReSTE.Native.Datasets;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

/// <summary>Which weights the indicators measure, by the published rule, and what their sums are.</summary>
public sealed class MeasuredWeightsTests
{
    private static readonly ImageShape s_image = new(32, 32, 3);

    /// <summary>Names out of the published state dictionaries; those with a star are measured.</summary>
    public static TheoryData<string, string[]> Published => new()
    {
        {
            "ResNet-18 for CIFAR, whose shortcuts convolve",
            ["conv1.weight", "bn1.weight", "layer1.0.conv1.weight*", "layer1.0.bn1.weight", "layer2.0.conv2.weight*",
                "layer2.0.shortcut.0.weight", "layer2.0.shortcut.1.weight", "layer4.1.conv2.weight*", "linear.weight", "linear.bias"]
        },
        {
            "ResNet-18 and 34 for ImageNet",
            ["conv1.weight", "layer1.0.conv1.weight*", "layer2.0.conv1.weight*", "layer2.0.downsample.0.weight",
                "layer2.0.downsample.1.bias", "layer3.5.conv2.weight*", "fc.weight"]
        },
        {
            "ResNet-20, binary, Bi-Real and real",
            ["conv1.weight", "layer1.0.conv1.weight*", "layer3.2.conv2.weight*", "layer3.2.bn2.weight", "bn2.weight", "linear.weight"]
        },
        {
            "VGG-small, binary and real",
            ["conv0.weight", "bn0.weight", "conv1.weight*", "conv2.weight*", "conv3.weight*", "conv4.weight*", "conv5.weight*",
                "bn5.bias", "fc.weight", "fc.bias"]
        },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void They_are_the_published_ones(string network, string[] names)
    {
        Assert.Equal(names.Where(name => name.EndsWith('*')).Select(name => name[..^1]), Measured(names.Select(name => name.TrimEnd('*'))));
        Assert.NotEmpty(network);
    }

    /// <summary>The published rule itself, by the network's name, on every network there is.</summary>
    [Fact]
    public void Every_catalogued_network_is_measured_by_the_published_rule()
    {
        foreach (string dataset in new[] { "cifar10", "cifar100", "shapes" })
        {
            foreach (string model in NetworkCatalog.Names(dataset))
            {
                string[] names = [.. NetworkCatalog.Find(dataset, model).Summarize(s_image, 10)
                    .SelectMany(layer => new[] { layer.Name + ".weight", layer.Name + ".bias" })];
                string word = model.Contains("vgg", StringComparison.Ordinal) ? "" : "layer";
                string? spared = model.Contains("vgg", StringComparison.Ordinal) ? "conv0" : null;
                string[] expected = [.. names.Where(name => name.Contains(word, StringComparison.Ordinal)
                    && name.Contains("conv", StringComparison.Ordinal) && name.Contains("weight", StringComparison.Ordinal)
                    && (spared == null || !name.Contains(spared, StringComparison.Ordinal)))];
                Assert.Equal(expected, Measured(names));
            }
        }
    }

    /// <summary>In double, over weights after the last step and gradients of it, with the final o whatever the epoch's is.</summary>
    [Theory]
    [InlineData("resnet20_1w1a", false, 3)]
    [InlineData("resnet20_1w1a", true, 1.5)]
    [InlineData("resnet20", false, 3)]
    public void Their_sums_are_those_of_the_layers_after_the_last_step(string model, bool realActivations, double end)
    {
        Recipe recipe = TinyRun.Recipe with { Model = model, RealActivations = realActivations, OEnd = end, Indicators = true };
        using var run = new TinyRun(recipe);
        EpochReport report = run.Trainer.RunEpoch(null, CancellationToken.None);
        double error = 0, variance = 0;
        int layers = 0;
        foreach (Parameter p in run.Trainer.Parameters.Parameters)
        {
            if (!p.Name.StartsWith("layer", StringComparison.Ordinal) || !p.Name.Contains("conv", StringComparison.Ordinal))
                continue;
            layers++;
            error += Math.Sqrt(p.Read().Sum(w => w == 0 ? 0 : Math.Pow(Math.Pow(Math.Abs(w), 1 / end) - 1, 2)));
            double[] sizes = [.. p.ReadGradient().Select(Math.Abs)];
            double mean = sizes.Average();
            variance += sizes.Sum(g => (g - mean) * (g - mean)) / (sizes.Length - 1);
        }

        Assert.Equal(18, layers);
        // The device raises to powers in single precision: 1e-7 of each, and their errors do not add up.
        Assert.Equal(error, report.EstimatingError!.Value, error * 1e-6);
        Assert.Equal(variance, report.GradientStability!.Value, variance * 1e-6);
    }

    private static IEnumerable<string> Measured(IEnumerable<string> names)
    {
        using var device = new CpuDevice(1);
        var parameters = new ParameterSet(device);
        foreach (string name in names)
            parameters.Parameter(name, PublishedLayout.Same(new Shape(4)), Initialisation.Constant(1));
        return Indicators.Measured(parameters).Select(p => p.Name);
    }
}
