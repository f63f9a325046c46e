using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Estimators;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Engine.Tests.Training;

public sealed class InitialWeightsTests
{
    // Which deviation, and which distribution, each published model asks for.
    [Theory]
    [InlineData("cifar10", "resnet20_1w1a")]
    [InlineData("cifar10", "resnet20_bireal_1w1a")]
    [InlineData("cifar10", "resnet20")]
    [InlineData("imagenet", "resnet18_1w1a")]
    [InlineData("imagenet", "resnet34")]
    public void Weights_are_normal_by_their_inputs(string dataset, string model)
    {
        // ImageNet's classifiers start as PyTorch's layers do.
        foreach (var (name, values, shape) in Weights(dataset, model).Where(w => w.Name != "fc.weight"))
            CheckNormal(name, values, Math.Sqrt(2.0 / FanIn(shape)));
    }

    [Theory]
    [InlineData("vgg_small_1w1a")]
    [InlineData("vgg_small")]
    public void Weights_of_vgg_are_normal_by_their_outputs(string model)
    {
        foreach (var (name, values, shape) in Weights("cifar10", model))
            CheckNormal(name, values, name == "fc.weight" ? 0.01 : Math.Sqrt(2.0 / (9 * shape[0])));
        Assert.All(Values("cifar10", model).Single(p => p.Name == "fc.bias").Values, v => Assert.Equal(0, v));
    }

    [Theory]
    [InlineData("cifar10", "resnet18_1w1a", "")]
    [InlineData("cifar10", "resnet18", "")]
    [InlineData("imagenet", "resnet18_1w1a", "fc.")]
    public void Weights_that_nothing_initialises_are_uniform_as_PyTorch_has_them(string dataset, string model, string which)
    {
        foreach (var (name, values, shape) in Weights(dataset, model).Where(w => w.Name.StartsWith(which, StringComparison.Ordinal)))
        {
            double half = 1 / Math.Sqrt(FanIn(shape)), deviation = half / Math.Sqrt(3);
            Assert.InRange(values.Max(Math.Abs), half * (1 - 50.0 / values.Length), half * (1 + 1e-7));
            // The standard error of a uniform sample's deviation is sqrt((9/5 - 1) / 4 n) of it.
            Assert.True(Math.Abs(Deviation(values) / deviation - 1) <= 5 * Math.Sqrt(0.2 / values.Length),
                $"{name}: {Deviation(values):e3}");
        }
    }

    [Theory]
    [InlineData("resnet18_binary", "linear.bias")]
    [InlineData("vgg16_binary", "fc16.weight")]
    public void Weights_of_fully_binary_networks_are_uniform_but_the_last(string model, string last)
    {
        foreach (var (name, values, shape) in Weights("cifar10", model).Where(w => w.Name != last))
        {
            double half = Math.Sqrt(6.0 / (FanIn(shape) + shape[0] * (FanIn(shape) / shape[1])));
            Assert.InRange(values.Max(Math.Abs), half * (1 - 50.0 / values.Length), half * (1 + 1e-7));
        }

        double[] drawn = Values("cifar10", model).Single(p => p.Name == last).Values;
        Assert.Equal(0.1, Deviation(drawn), 5 * 0.1 / Math.Sqrt(2.0 * drawn.Length));
    }

    // Of AdaSTE's: +-10, either as likely, biases too; the same on every device.
    [Fact]
    public void Latent_weights_start_as_the_estimator_wants_them()
    {
        var estimator = new AdaSte(AdaSteSettings.Faithful(100));
        using Device cpu = new CpuDevice(1), reference = new ReferenceDevice();
        using NetworkRun run = new(cpu, "resnet18_binary", estimator, realActivations: true, batch: 2),
            other = new(reference, "resnet18_binary", new AdaSte(AdaSteSettings.Faithful(100)), realActivations: true, batch: 2);
        foreach (var (p, q) in run.Parameters.Parameters.Zip(other.Parameters.Parameters))
        {
            double[] values = p.Read();
            Assert.Equal(values, q.Read());
            Assert.All(values, v => Assert.Equal(10, Math.Abs(v)));
            Assert.InRange(values.Average(), -50 / Math.Sqrt(values.Length), 50 / Math.Sqrt(values.Length));
        }
    }

    [Fact]
    public void Biases_and_batch_norms_start_as_published()
    {
        foreach (var (name, values, _) in Values("cifar10", "resnet20_1w1a"))
        {
            if (name == "linear.bias")
            {
                Assert.All(values, v => Assert.InRange(Math.Abs(v), 0, 1 / 8.0));
                Assert.True(values.Distinct().Count() == 10 && values.Max() > 0.03 && values.Min() < -0.03, string.Join(", ", values));
            }
            else if (name.Contains("bn", StringComparison.Ordinal))
            {
                Assert.All(values, v => Assert.Equal(name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0, v));
            }
        }
    }

    // Element i of parameter k is a function of (seed, k, i) in the published order: resumes, devices and layouts cannot change it. The
    // numbers are another implementation's.
    [Fact]
    public void The_first_weights_of_a_seed_are_pinned_on_every_device()
    {
        double[] onCpu = Values("cifar10", "resnet20_1w1a").First().Values;
        double[] onReference = Values("cifar10", "resnet20_1w1a", reference: true).First().Values;
        Assert.Equal(onCpu, onReference);
        Assert.Equal([0.46217256784439087, -0.33473169803619385, -0.3886556029319763], onCpu[..3]);
    }

    private static void CheckNormal(string name, double[] values, double expected)
    {
        double mean = values.Average(), deviation = Deviation(values);
        // Five standard errors of a normal sample's mean and deviation.
        Assert.True(Math.Abs(mean) <= 5 * expected / Math.Sqrt(values.Length), $"{name}: mean {mean:e3}");
        Assert.True(Math.Abs(deviation / expected - 1) <= 5 / Math.Sqrt(2.0 * values.Length),
            $"{name}: deviation {deviation:e3}, expected {expected:e3}");
        // A normal sample has 4.6 % beyond two deviations; a uniform one has none.
        double tail = values.Count(v => Math.Abs(v) > 2 * expected) / (double)values.Length;
        Assert.True(Math.Abs(tail - 0.0455) <= 5 * Math.Sqrt(0.0455 / values.Length), $"{name}: {tail:p2} beyond two deviations");
    }

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }

    /// <summary>Inputs of an output, for a published shape.</summary>
    private static int FanIn(int[] shape) => shape[1..].Aggregate(1, (a, b) => a * b);

    /// <summary>Weights of convolutions and linear layers, with their published shapes.</summary>
    private static IEnumerable<(string Name, double[] Values, int[] Shape)> Weights(string dataset, string model) =>
        from p in Values(dataset, model)
        where p.Parameter.Layout.Shape.Rank > 1
        select (p.Name, p.Values, p.Parameter.Layout.Shape.ToArray());

    private static List<(string Name, double[] Values, Parameter Parameter)> Values(string dataset, string model, bool reference = false)
    {
        using Device device = reference ? new ReferenceDevice() : new CpuDevice(1);
        // VGG-16 halves its images five times.
        int size = dataset == "cifar10" && model != "vgg16_binary" ? 8 : 32;
        using NetworkRun run = TapeCase.Build(device, model, realActivations: false, batch: 2, size: size, dataset: dataset);
        return [.. run.Parameters.Parameters.Select(p => (p.Name, p.Read(), p))];
    }
}
