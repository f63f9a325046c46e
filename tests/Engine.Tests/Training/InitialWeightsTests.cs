using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Engine.Tests.Training;

public sealed class InitialWeightsTests
{
    [Theory]
    [InlineData("resnet20_1w1a")]
    [InlineData("resnet20")]
    public void Convolutions_and_linear_weights_are_normal_with_the_published_deviation(string model)
    {
        foreach (var (name, values, parameter) in Values(model))
        {
            if (parameter.Layout.Shape.Rank == 1)
                continue;
            int[] shape = parameter.Layout.Shape.ToArray();
            double expected = Math.Sqrt(2.0 / shape[1..].Aggregate(1, (a, b) => a * b)), mean = values.Average();
            double deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
            // Five standard errors of a normal sample's mean and deviation.
            Assert.True(Math.Abs(mean) <= 5 * expected / Math.Sqrt(values.Length), $"{name}: mean {mean:e3}");
            Assert.True(Math.Abs(deviation / expected - 1) <= 5 / Math.Sqrt(2.0 * values.Length),
                $"{name}: deviation {deviation:e3}, expected {expected:e3}");
            // A normal sample has 4.6 % beyond two deviations; a uniform one has none.
            double tail = values.Count(v => Math.Abs(v) > 2 * expected) / (double)values.Length;
            Assert.True(Math.Abs(tail - 0.0455) <= 5 * Math.Sqrt(0.0455 / values.Length), $"{name}: {tail:p2} beyond two deviations");
        }
    }

    [Fact]
    public void Biases_and_batch_norms_start_as_published()
    {
        foreach (var (name, values, _) in Values("resnet20_1w1a"))
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
        double[] onCpu = Values("resnet20_1w1a").First().Values, onReference = Values("resnet20_1w1a", reference: true).First().Values;
        Assert.Equal(onCpu, onReference);
        Assert.Equal([0.46217256784439087, -0.33473169803619385, -0.3886556029319763], onCpu[..3]);
    }

    private static List<(string Name, double[] Values, Parameter Parameter)> Values(string model, bool reference = false)
    {
        using Device device = reference ? new ReferenceDevice() : new CpuDevice(1);
        using NetworkRun run = TapeCase.Build(device, model, realActivations: false, batch: 2, size: 8);
        return [.. run.Parameters.Parameters.Select(p => (p.Name, p.Read(), p))];
    }
}
