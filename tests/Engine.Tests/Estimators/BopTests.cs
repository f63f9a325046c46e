using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Operations;
using ReSTE.Native.Estimators;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>Bop: what it hands to the tape, and what its optimiser makes of the weights of a small network.</summary>
public sealed class BopTests
{
    // Two steps of some thousand roundings each, and no mean of these gradients lies that near to the threshold.
    private const double Bound = 2e-5, Cancelled = 5e-8;

    [Fact]
    public void Weights_pass_the_gradient_on_and_activations_clip_it()
    {
        var bop = new Bop();
        Assert.Equal(("Bop", SlopeKind.Identity, SlopeKind.Clipped), (bop.Name, bop.WeightSlope, bop.ActivationSlope));
        Assert.Equal(1, bop.Exponent(0, 10));
    }

    [Theory]
    [InlineData(0, 1e-8)]
    [InlineData(1.0001, 1e-8)]
    [InlineData(double.NaN, 1e-8)]
    [InlineData(1e-4, 0)]
    [InlineData(1e-4, -1)]
    [InlineData(1e-4, double.PositiveInfinity)]
    public void Numbers_outside_their_range_are_refused(double gamma, double threshold) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Bop(gamma, threshold));

    [Fact]
    public void Binary_weights_follow_the_means_of_their_gradients()
    {
        const double Gamma = 0.5, Threshold = 1e-3;
        using var device = new ReferenceDevice();
        using var run = new SlotRun(device, new Bop(Gamma, Threshold));
        Parameter[] binary = [.. run.Parameters.Parameters.Where(p => p.IsBinary)];
        double[][] signs = [.. binary.Select(p => Array.ConvertAll(p.Read(), w => w < 0 ? -1.0 : 1))];
        double[][] means = [.. signs.Select(s => new double[s.Length])];
        int turned = 0;
        for (int step = 0; step < 3; step++)
        {
            run.Tape.Run();
            for (int k = 0; k < binary.Length; k++)
            {
                double[] gradient = binary[k].ReadGradient();
                for (int i = 0; i < gradient.Length; i++)
                {
                    means[k][i] = (1 - Gamma) * means[k][i] + Gamma * gradient[i];
                    if (!(signs[k][i] * means[k][i] > Threshold))
                        continue;
                    signs[k][i] *= -1;
                    turned++;
                }

                Assert.Equal(signs[k], binary[k].Read());
                Assert.Equal(means[k], binary[k].States["bop.mean"].Read());
            }
        }

        Assert.True(turned > 10, $"{turned} weights were turned over");
        Assert.Equal(["momentum"], run.Parameters.Parameters.First(p => !p.IsBinary).States.Keys);
    }

    [Fact]
    public void Two_steps_agree_with_the_reference_on_every_device()
    {
        Dictionary<string, double[]> expected = [];
        Comparison.OnEveryDevice(device =>
        {
            using var run = new SlotRun(device, new Bop(0.5, 1e-3));
            run.Tape.Run();
            run.Tape.Run();
            run.CheckGuards();
            if (expected.Count == 0)
                expected = run.Numbers(); // the reference comes first
            foreach (var (name, values) in run.Numbers())
            {
                double bound = Cancelled + Bound * expected[name].Max(Math.Abs);
                Assert.All(values.Zip(expected[name]), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= bound,
                    $"{device.Description}: {name}: {pair.First:r}, the reference has {pair.Second:r}"));
            }
        });
    }
}
