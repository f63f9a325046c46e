using ReSTE.Native.Devices;
using ReSTE.Native.Engine.Tests.Operations;
using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Networks;

/// <summary>Binary linear layers, and means over windows, against loops over their definition.</summary>
public sealed class BinaryLinearTests
{
    private const int Batch = 3, Side = 4, Channels = 33, Window = 2, Outputs = 5;

    // Forty terms or so of size 1, and their scale.
    private const double Bound = 2e-5;

    // Evaluated with ReSTE: mean |w| times sums of signs, and a bias that stays real. Columns have the order of PyTorch's flattening.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_computes_signs_their_scale_and_a_real_bias(bool realActivations) => Comparison.OnEveryDevice(device =>
    {
        double[] images = Images(), expected = new double[Batch * Outputs];
        var (actual, weight, bias) = Evaluate(device, new Reste(), images, realActivations);
        double scale = weight.Average(Math.Abs);
        double[] pooled = Pooled(images);
        for (int n = 0; n < Batch; n++)
            for (int o = 0; o < Outputs; o++)
            {
                int columns = pooled.Length / Batch;
                double sum = 0;
                for (int i = 0; i < columns; i++)
                {
                    double x = pooled[n * columns + i];
                    sum += (realActivations ? x : x < 0 ? -1 : 1) * (weight[o * columns + i] < 0 ? -1 : 1);
                }

                expected[n * Outputs + o] = scale * sum + bias[o];
            }

        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], Bound);
    });

    [Fact]
    public void AdaSTE_evaluates_with_the_sign_of_the_bias_too() => Comparison.OnEveryDevice(device =>
    {
        double[] images = new double[Batch * Side * Side * Channels];
        var (actual, _, bias) = Evaluate(device, new AdaSte(AdaSteSettings.Corrected), images, realActivations: true);
        for (int i = 0; i < actual.Length; i++)
            Assert.Equal(Math.Sign(bias[i % Outputs]), actual[i]);
    });

    /// <summary>Means over the windows, flattened as PyTorch does: [N, C * H * W].</summary>
    private static double[] Pooled(double[] images)
    {
        const int Half = Side / Window;
        var pooled = new double[Batch * Channels * Half * Half];
        for (int n = 0; n < Batch; n++)
            for (int h = 0; h < Side; h++)
                for (int w = 0; w < Side; w++)
                    for (int c = 0; c < Channels; c++)
                    {
                        int to = ((n * Channels + c) * Half + h / Window) * Half + w / Window;
                        pooled[to] += images[((n * Side + h) * Side + w) * Channels + c] / (Window * Window);
                    }

        return pooled;
    }

    private static double[] Images()
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, Batch * Side * Side * Channels).Select(_ => (double)(float)(2 * random.NextDouble() - 1))];
    }

    private static (double[] Logits, double[] Weight, double[] Bias) Evaluate(Device device, Estimator estimator, double[] images,
        bool realActivations)
    {
        var network = new Network("linear", (net, image, classes) => net.BinaryLinear("fc",
            net.Flatten("flat", net.AveragePool("pool", image, Window)), classes, Initialisation.Normal(1), Initialisation.Normal(1)));
        var parameters = new ParameterSet(device);
        using var tape = new Tape(device, parameters, training: false);
        using Slab state = new(device, SlabMode.Guarded), workspace = new(device, SlabMode.Guarded);
        Variable x = tape.NewVariable("images", new Shape(Batch, Side, Side, Channels), needsGradient: false);
        Variable logits = network.RecordOn(tape, estimator, realActivations, x, Outputs);
        tape.Keep(x.Value);
        tape.Keep(logits.Value);
        tape.Seal(workspace);
        parameters.Place(state);
        state.Commit();
        parameters.Bind();
        workspace.Commit();
        parameters.Initialise(9);
        estimator.SetEpoch(parameters.Knobs, 0, 2);
        parameters.Knobs.Upload();
        device.WriteReals(x.Value, images);
        tape.Run();
        workspace.CheckGuards();
        return (device.ReadReals(logits.Value), parameters.Parameters[0].Read(), parameters.Parameters[1].Read());
    }
}
