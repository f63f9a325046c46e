using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Estimating error and gradient variance.</summary>
public sealed class IndicatorsTests
{
    private const int Seed = 29;

    [Theory]
    [InlineData(2, 1)]
    [InlineData(17, 1.25)]
    [InlineData(130, 3)]
    [InlineData(1023, 10)]
    public void Every_device_agrees(int count, double o) => Comparison.Run(Seed, bench =>
    {
        Tensor w = bench.Input("w", new Shape(count)), exponent = bench.Input("exponent", new Shape(1), [o]);
        Tensor result = bench.Judged(bench.Input("result", new Shape(3), ElementType.Float64, [7.0, 7, 7]), Tolerances.DoublePrecision);
        return kernels =>
        {
            kernels.EstimatingError(w, exponent, result, 0);
            kernels.GradientVariance(w, result, 2);
        };
    });

    // Worked example: w = (-.5, .2, 0, 1.2), o = 3: error .467839; as a gradient, variance .275833. The slot between stays.
    [Fact]
    public void Both_give_the_worked_example() => Comparison.OnEveryDevice(device =>
    {
        double[] result = Comparison.Outputs(device, Seed, bench =>
        {
            Tensor w = bench.Input("w", new Shape(4), [-0.5, 0.2, 0, 1.2]), exponent = bench.Input("exponent", new Shape(1), [3]);
            Tensor values = bench.Judged(bench.Input("result", new Shape(3), ElementType.Float64, [7.0, 7, 7]), Tolerances.Exact);
            return kernels =>
            {
                kernels.EstimatingError(w, exponent, values, 0);
                kernels.GradientVariance(w, values, 2);
            };
        })["result"];
        Assert.Equal(0.467839, result[0], 1e-6);
        Assert.Equal(7, result[1]);
        Assert.Equal(0.275833, result[2], 1e-6);
    });
}
