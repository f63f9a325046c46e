using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Estimators;
using ReSTE.Native.Slopes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>The estimators that are a slope with a schedule: what they give epoch by epoch, and what they refuse.</summary>
public sealed class PointwiseEstimatorTests
{
    [Theory]
    [InlineData(0, 0.001, 1000)]
    [InlineData(100, 0.01, 100)]
    [InlineData(200, 0.1, 10)]
    [InlineData(300, 1, 1)]
    [InlineData(399, 9.772372, 1)]
    public void Ede_steepens_by_equal_factors(int epoch, double t, double k)
    {
        SlopeParameters p = new Ede().WeightParameters(epoch, 400);
        Assert.Equal((k, t), (p.P0, p.P1), (expected, actual) => Near(expected, actual));
        Assert.Equal(p, new Ede().ActivationParameters(epoch, 400));
    }

    [Fact]
    public void Ede_of_another_network_starts_elsewhere() => Assert.Equal(0.1, new Ede(tMin: 0.1).WeightParameters(0, 300).P1, 1e-12);

    [Fact]
    public void Rbnn_narrows_and_keeps_activations_wide()
    {
        var rbnn = new Rbnn();
        foreach (var (epoch, t, k) in new[] { (0, 0.01, 100.0), (200, 0.3162278, 3.162278), (300, 1.778279, 1), (399, 9.828789, 1) })
        {
            SlopeParameters w = rbnn.WeightParameters(epoch, 400), a = rbnn.ActivationParameters(epoch, 400);
            Assert.True(Near((k, t), (w.P0, w.P1)), $"{epoch}: {w}");
            Assert.True(Near((1, Math.Max(t, 1)), (a.P0, a.P1)), $"{epoch}: {a}");
        }

        Assert.Equal(1, rbnn.ActivationParameters(266, 400).P1);
        Assert.True(rbnn.ActivationParameters(267, 400).P1 > 1);
    }

    [Theory]
    [InlineData(0, 9)]
    [InlineData(44, 9)]
    [InlineData(45, 10)]
    [InlineData(200, 13)]
    [InlineData(399, 17)]
    public void Fda_adds_terms_in_whole_steps(int epoch, double n) =>
        Assert.Equal(new SlopeParameters(0.1, n, 0, 0), new Fda().WeightParameters(epoch, 400));

    [Fact]
    public void Exste_bends_from_the_identity()
    {
        var exste = new ExSte();
        foreach (var (epoch, o) in new[] { (0, 0.01), (250, 0.0501187), (500, 0.2511886), (750, 1.258925), (999, 6.269025) })
        {
            Assert.Equal(o, exste.Exponent(epoch, 1000), 1e-6 * o + 5e-8);
            Assert.Equal(new SlopeParameters(exste.Exponent(epoch, 1000), 1.5, 0, 0), exste.ActivationParameters(epoch, 1000));
        }
    }

    [Fact]
    public void Dsq_ends_at_one_whatever_its_smoothness()
    {
        foreach (double alpha in new[] { 0.01, 0.2, 0.4, 0.9 })
        {
            SlopeParameters p = new Dsq(alpha).WeightParameters(3, 10);
            Assert.Equal(1, p.P1 * Math.Tanh(p.P0), 1e-12);
        }

        Assert.Equal((1.0986122886681098, 1.25), (new Dsq().WeightParameters(0, 1).P0, new Dsq().WeightParameters(0, 1).P1));
    }

    // As the tests of bitorch have them at -1.5, -1, -0.3, 0, 0.3, 1 and 1.5, to a thousandth: its straight-through sign, its ApproxSign
    // and its SwishSign. There the clipped slope is 0 at 1, here 1.
    [Fact]
    public void Slopes_are_those_that_bitorch_tests()
    {
        double[] x = [-1.5, -1, -0.3, 0, 0.3, 1, 1.5];
        Check(new IdentitySte(), [1, 1, 1, 1, 1, 1, 1]);
        Check(new ClippedSte(), [0, 1, 1, 1, 1, 1, 0]);
        Check(new ApproxSign(), [0, 0, 1.4, 2, 1.4, 0, 0]);
        Check(new SignSwish(), [-0.03, -0.195, 1.562, 5, 1.562, -0.195, -0.03]);

        void Check(Estimator estimator, double[] expected)
        {
            SlopeParameters p = estimator.ActivationParameters(0, 10);
            for (int i = 0; i < x.Length; i++)
                Assert.Equal(expected[i], estimator.ActivationSlope.Evaluate(x[i], p), 1e-3);
        }
    }

    [Fact]
    public void ApproxSign_of_weights_is_a_matter_of_choice()
    {
        Assert.Equal((SlopeKind.Clipped, SlopeKind.ApproxSign), (new ApproxSign().WeightSlope, new ApproxSign().ActivationSlope));
        Assert.Equal(SlopeKind.ApproxSign, new ApproxSign(approximateWeights: true).WeightSlope);
    }

    [Fact]
    public void Clipped_weights_stay_within_their_clip_and_others_grow_beyond()
    {
        Assert.True(Largest(new IdentitySte()) > 0.25);
        Assert.Equal(0.25, Largest(new IdentitySte(0.25)));

        static double Largest(Estimator estimator)
        {
            using var device = new ReferenceDevice();
            using var run = new SlotRun(device, estimator);
            run.Tape.Run();
            double[] real = run.Parameters.Parameters.Single(p => p.Name == "fc.weight").Read();
            Assert.True(real.Max(Math.Abs) > 0 && run.Parameters.Parameters.Any(p => !p.IsBinary));
            return run.Parameters.Parameters.Where(p => p.IsBinary).Max(p => p.Read().Max(Math.Abs));
        }
    }

    [Theory]
    [InlineData("SignSwish", "beta", 0)]
    [InlineData("SignSwish", "beta", double.NaN)]
    [InlineData("DSQ", "alpha", 0)]
    [InlineData("DSQ", "alpha", 1)]
    [InlineData("DSQ", "alpha", -0.2)]
    [InlineData("EDE", "t_min", 0)]
    [InlineData("EDE", "t_max", double.PositiveInfinity)]
    [InlineData("RBNN", "t_min", -1)]
    [InlineData("FDA", "omega", 1.6)]
    [InlineData("FDA", "omega", 0)]
    [InlineData("FDA", "n_start", 9.5)]
    [InlineData("FDA", "n_end", 101)]
    [InlineData("ExSTE", "t", 0)]
    [InlineData("IdentitySTE", "clip", 0)]
    public void A_value_outside_its_domain_is_refused(string estimator, string argument, double value)
    {
        RecipeException refusal = Assert.Throws<RecipeException>(() => EstimatorCatalog.Create(With(estimator, argument, value)));
        Assert.Equal((RecipeFault.OutOfRange, nameof(Recipe.EstimatorArguments)), (refusal.Reason, refusal.Setting));
    }

    [Fact]
    public void Constructors_refuse_what_the_catalogue_refuses()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SignSwish(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dsq(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ede(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Rbnn(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Fda(nEnd: 101));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Fda(omega: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExSte(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IdentitySte(0));
    }

    [Fact]
    public void Words_and_numbers_reach_the_estimators()
    {
        Assert.Equal(SlopeKind.Clipped, EstimatorCatalog.Create(new Recipe { Estimator = "approxsign" }).WeightSlope);
        Assert.Equal(SlopeKind.ApproxSign, EstimatorCatalog.Create(With("ApproxSign", "weights", "approx")).WeightSlope);
        Assert.Throws<RecipeException>(() => EstimatorCatalog.Create(With("ApproxSign", "weights", "identity")));
        Assert.Equal(7, EstimatorCatalog.Create(With("SignSwish", "beta", 7)).WeightParameters(0, 1).P0);
        Assert.Equal(0.2, EstimatorCatalog.Create(With("EDE", "t_min", 0.2)).WeightParameters(0, 9).P1, 1e-12);
        Assert.Equal(3, EstimatorCatalog.Create(With("FDA", "n_start", 3)).WeightParameters(0, 9).P1);
        Assert.Equal(2, EstimatorCatalog.Create(With("ExSTE", "t", 2)).WeightParameters(0, 9).P1);
    }

    private static Recipe With(string estimator, string name, EstimatorArgument value) => new()
    {
        Estimator = estimator,
        EstimatorArguments = new Dictionary<string, EstimatorArgument> { [name] = value },
    };

    private static bool Near((double, double) expected, (double, double) actual) =>
        Math.Abs(expected.Item1 - actual.Item1) <= 1e-6 * expected.Item1
        && Math.Abs(expected.Item2 - actual.Item2) <= 1e-6 * expected.Item2;
}
