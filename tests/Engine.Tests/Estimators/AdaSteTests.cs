using ReSTE.Native.Engine.Tests.Operations;
using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>AdaSTE's map, factor and schedules, at numbers worked out from the formulas elsewhere.</summary>
public sealed class AdaSteTests
{
    // To half a unit of the last printed digit.
    private const double Printed = 0.5e-6;

    [Theory]
    [InlineData(0.0105, 0.208417, 0.604260)]
    [InlineData(1, 0.605, 0.805)]
    [InlineData(50, 0.994118, 1)]
    [InlineData(100, 1, 1)]
    public void The_map_has_its_values(double mu, double atFifth, double atThreeFifths)
    {
        AdaSteNumbers numbers = AdaSteGrid.At(mu, slips: false);
        Assert.Equal(atFifth, numbers.Map(0.2), Printed);
        Assert.Equal(-atFifth, numbers.Map(-0.2), Printed);
        Assert.Equal(atThreeFifths, numbers.Map(0.6), Printed);
        Assert.Equal((1, 0), (numbers.Map(2), numbers.Map(0)));
    }

    // mu, theta; then the factor where the gradient is -0.01, +-5e-4, 0.01; the last as published where it slips.
    [Theory]
    [InlineData(0.0105, -10, 0.101049, 0.989609, 0, 0)]
    [InlineData(0.0105, -0.6, 0.5, 0.989609, 0.989609, 0.989609)]
    [InlineData(0.0105, 0.6, 0.989609, 0.989609, 0.5, 0)]
    [InlineData(0.0105, 2, 0, 0.989609, 0.5, 0.5)]
    [InlineData(0.0105, 10, 0, 0.989609, 0.101049, 0.101049)]
    [InlineData(1, 10, 0, 0.5, 0.150500, 0.150500)]
    [InlineData(1, -10, 0.150500, 0.5, 0, 0)]
    [InlineData(1, 0.6, 0.5, 0.5, 0.5, 0.5)]
    [InlineData(50, 0.2, 0.019608, 0.019608, 0.5, 0.5)]
    [InlineData(50, 10, 0, 0.019608, 0.199020, 0.199020)]
    [InlineData(100, 10, 0, 1, 0.1, 0.1)]
    [InlineData(100, 0.2, 0, 1, 0.5, 0.5)]
    public void The_factor_has_its_values(double mu, double theta, double below, double none, double above, double aboveSlipped)
    {
        AdaSteNumbers corrected = AdaSteGrid.At(mu, slips: false), faithful = AdaSteGrid.At(mu, slips: true);
        foreach (AdaSteNumbers numbers in new[] { corrected, faithful })
        {
            Assert.Equal(below, numbers.Factor(theta, -0.01), Printed);
            Assert.Equal(none, numbers.Factor(theta, 5e-4), Printed);
            Assert.Equal(none, numbers.Factor(theta, -5e-4), Printed);
        }

        Assert.Equal(above, corrected.Factor(theta, 0.01), Printed);
        Assert.Equal(aboveSlipped, faithful.Factor(theta, 0.01), Printed);
    }

    // The finite difference with the step that carries theta to 0, from the map itself: what the rows of the table stand for.
    [Theory]
    [InlineData(0.6, 1)]
    [InlineData(-0.6, 1)]
    [InlineData(2, 1)]
    [InlineData(-0.3, 0.25)]
    [InlineData(5, 0.0105)]
    public void The_corrected_factor_is_a_difference_of_the_map(double theta, double mu)
    {
        const double Beyond = 1e-12;
        AdaSteNumbers numbers = new(mu, AdaSteGrid.Alpha, deadZone: 0, cap: double.MaxValue, slips: false);
        double g = 0.01 * Math.Sign(theta), step = Math.Abs(theta / g) * (1 + Beyond);
        double difference = (numbers.Map(theta) - numbers.Map(theta - step * g)) / (step * g);
        Assert.Equal(difference, numbers.Factor(theta, g), 1e-9);
    }

    [Fact]
    public void Only_the_corrected_factor_treats_both_signs_alike()
    {
        foreach (double mu in AdaSteGrid.Mus)
        {
            var (theta, g) = AdaSteGrid.Pairs(mu);
            AdaSteNumbers numbers = AdaSteGrid.At(mu, slips: false);
            for (int i = 0; i < theta.Length; i++)
                Assert.Equal(numbers.Factor(theta[i], g[i]), numbers.Factor(-theta[i], -g[i]));
        }

        AdaSteNumbers faithful = AdaSteGrid.At(0.0105, slips: true);
        Assert.Equal((0, 0.5), (faithful.Factor(0.6, 0.01), faithful.Factor(-0.6, -0.01)));
    }

    // On the edge itself, 1 - mu alpha in single precision, neither row holds; its neighbours in single precision are on either side.
    [Theory]
    [InlineData(0.0105)]
    [InlineData(0.25)]
    [InlineData(50)]
    public void On_the_edge_the_plain_slope_holds(double mu)
    {
        AdaSteNumbers numbers = AdaSteGrid.At(mu, slips: false);
        float edge = (float)(1 - mu * AdaSteGrid.Alpha);
        Assert.Equal(1 / (1 + mu), numbers.Factor(edge, 0.01));
        Assert.Equal(1 / (1 + mu), numbers.Factor(edge, -0.01));
        Assert.Equal(0, numbers.Factor(MathF.BitIncrement(edge), -0.01));
        Assert.Equal(1 / (1 + mu), numbers.Factor(MathF.BitDecrement(edge), -0.01));
        Assert.Equal(0.5, numbers.Factor(MathF.BitDecrement(edge), 0.01));
    }

    [Theory]
    [InlineData(0, 0.010500)]
    [InlineData(9, 0.016289)]
    [InlineData(49, 0.114674)]
    [InlineData(99, 1.315013)]
    [InlineData(149, 15.079775)]
    [InlineData(187, 96.291561)]
    [InlineData(188, 100)]
    [InlineData(699, 100)]
    public void Mu_grows_to_one_over_alpha(int epoch, double mu) =>
        Assert.Equal(mu, new AdaSte(AdaSteSettings.Faithful(1)).MuAt(epoch), Printed);

    // The published loop moves its cosine on before it trains: epoch e has index e + 1, the last epoch none.
    [Fact]
    public void The_learning_rate_is_one_epoch_ahead()
    {
        var recipe = new Recipe { Estimator = "AdaSTE", RealActivations = true, Epochs = 7, LearningRate = 3e-4 };
        LearningRateSchedule rates = LearningRateSchedule.Of(recipe);
        for (int epoch = 0; epoch < 7; epoch++)
            Assert.Equal(0.5 * 3e-4 * (1 + Math.Cos(Math.PI * (epoch + 1) / 7)), rates.Rate(epoch), 1e-15);
    }

    // N 1000, rate 1e-3, momentum 0.9, mu 0.0105, decay 1, from 10.
    [Theory]
    [InlineData(0.01, 0.01, 0.01, 8.979505, 7.899105, 6.742414)]
    [InlineData(-0.01, 5e-4, 0.01, 9.99, 9.719582, 9.161728)]
    public void Three_steps_have_their_values(double g1, double g2, double g3, double first, double second, double third) =>
        Comparison.OnEveryDevice(device =>
        {
            double[] gradients = [g1, g2, g3], expected = [first, second, third];
            for (int steps = 1; steps <= 3; steps++)
            {
                int count = steps;
                double theta = Comparison.Outputs(device, 1, bench => Steps(bench, gradients[..count]))["theta"][0];
                Assert.Equal(expected[count - 1], theta, Math.Max(Printed, 1e-6 * expected[count - 1]));
            }
        });

    private static Action<IKernels> Steps(KernelBench bench, double[] gradients)
    {
        var one = new Shape(1);
        Tensor theta = bench.InOut("theta", one, [10], Tolerances.Exact), momentum = bench.Input("momentum", one, [0]);
        Tensor factor = bench.Input("factor", new Shape(AdaSteNumbers.Count), AdaSteGrid.At(0.0105, slips: true).ToFactor());
        Tensor knobs = bench.Input("knobs", new Shape(5), [1e-3, 0.9, 0.1, 1, 1e6]);
        var each = gradients.Select((g, i) =>
            (Gradient: bench.Input($"g{i}", one, [g]), Step: bench.Input($"t{i}", one, [i + 1.0]))).ToList();
        return kernels =>
        {
            foreach (var (gradient, step) in each)
                kernels.AdaSteStep(theta, gradient, momentum, step, factor, knobs);
        };
    }

    public static TheoryData<string, double> OutOfDomain => new()
    {
        { nameof(AdaSteSettings.Mu), 0 }, { nameof(AdaSteSettings.Mu), double.NaN }, { nameof(AdaSteSettings.Rate), 0.99 },
        { nameof(AdaSteSettings.Alpha), 0 }, { nameof(AdaSteSettings.Alpha), 1 }, { nameof(AdaSteSettings.DeadZone), -1 },
        { nameof(AdaSteSettings.Cap), 0 }, { nameof(AdaSteSettings.N), 0 }, { nameof(AdaSteSettings.Decay), -1 },
        { nameof(AdaSteSettings.Momentum), 1 }, { nameof(AdaSteSettings.Rate), double.PositiveInfinity },
    };

    [Theory]
    [MemberData(nameof(OutOfDomain))]
    public void A_number_outside_its_domain_is_refused(string setting, double value)
    {
        AdaSteSettings settings = AdaSteSettings.Corrected;
        typeof(AdaSteSettings).GetProperty(setting)!.SetValue(settings = settings with { }, value);
        Assert.Equal(setting, Assert.Throws<ArgumentOutOfRangeException>(() => new AdaSte(settings)).ParamName);
    }
}
