using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Values kept between two bounds, in place.</summary>
public sealed class ClampTests
{
    [Theory]
    [MemberData(nameof(Elements.Counts), MemberType = typeof(Elements))]
    public void Every_device_agrees(int count)
    {
        foreach (float bound in new[] { 1, 0.1f, 1.5f, 3 })
        {
            Comparison.Run(count, bench =>
            {
                Tensor x = bench.InOut("x", new Shape(count), Tolerances.Exact);
                return kernels => kernels.Clamp(x, bound);
            });
        }
    }

    [Fact]
    public void Ends_stay_and_nan_stays() => Comparison.OnEveryDevice(device =>
    {
        double[] values = [0.5, -0.5, 0.50001f, -0.50001f, -0.0, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 0.25];
        double[] kept = Comparison.Outputs(device, 1, bench =>
        {
            Tensor x = bench.InOut("x", new Shape(values.Length), values, Tolerances.Exact);
            return kernels => kernels.Clamp(x, 0.5f);
        })["x"];
        Assert.Equal([0.5, -0.5, 0.5, -0.5, -0.0, 0.5, -0.5, double.NaN, 0.25], kept);
    });
}
