using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>The scales of weights that are not taken together with their signs.</summary>
public sealed class WeightScaleTests
{
    private const int Seed = 62;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 17)]
    [InlineData(16, 288)]
    [InlineData(5, 1170)]
    public void Mean_magnitude_agrees(int filters, int size)
    {
        foreach (int scales in new[] { 1, filters }.Distinct())
        {
            Comparison.Run(Seed, bench =>
            {
                Tensor w = bench.Input("w", new Shape(filters, 1, 1, size)), scale = bench.Output("scale", new Shape(scales),
                    Tolerances.Rounded);
                return kernels => kernels.MeanMagnitude(w, scale);
            });
        }
    }

    // On both sides of the boundary, which lies at the root of 2 between two powers, at every order of magnitude.
    [Fact]
    public void The_nearest_power_of_two_is_exact_on_every_device()
    {
        float root = MathF.Sqrt(2);
        float[] around = [1, root, MathF.BitDecrement(root), MathF.BitIncrement(root), 1.5f, MathF.BitDecrement(2), 0.774597f];
        double[] values = [0, .. Enumerable.Range(-100, 201).SelectMany(e => around.Select(v => (double)MathF.ScaleB(v, e)))];
        double[] expected = [.. values.Select(v => v == 0 ? 0 : Math.Pow(2, Math.Round(Math.Log2(v))))];
        Comparison.OnEveryDevice(device =>
        {
            var outputs = Comparison.Outputs(device, Seed, bench =>
            {
                Tensor scale = bench.InOut("scale", new Shape(values.Length), values, Tolerances.Exact);
                return kernels => kernels.PowerOfTwo(scale);
            });
            Assert.Equal(expected, outputs["scale"]);
        });
    }
}
