using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Weights less the mean over the input channels of each tap, cut to [-1, 1].</summary>
public sealed class CentreWeightsTests
{
    private const int Seed = 63;

    public static TheoryData<int[]> Shapes => new() { new[] { 1, 1, 1, 1 }, new[] { 3, 1, 1, 15 }, new[] { 7, 3, 3, 17 },
        new[] { 16, 3, 3, 32 }, new[] { 5, 3, 3, 65 }, new[] { 2, 5, 5, 130 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_device_agrees(int[] sizes) => Comparison.Run(Seed, bench =>
    {
        Tensor w = bench.Input("w", new Shape(sizes)), y = bench.Output("y", new Shape(sizes), Tolerances.FewRoundings);
        return kernels => kernels.CentreWeights(w, y);
    });

    [Theory]
    [MemberData(nameof(Shapes))]
    public void In_place_too(int[] sizes) => Comparison.Run(Seed, bench =>
    {
        Tensor w = bench.InOut("w", new Shape(sizes), Tolerances.FewRoundings);
        return kernels => kernels.CentreWeights(w, w);
    });

    [Fact]
    public void Every_device_gives_the_worked_example() => Comparison.OnEveryDevice(device =>
    {
        var outputs = Comparison.Outputs(device, Seed, bench =>
        {
            Tensor w = bench.Input("w", new Shape(1, 1, 2, 3), [1, 2, 3, -4, 0, 1]);
            Tensor y = bench.Output("y", new Shape(1, 1, 2, 3), Tolerances.Exact);
            return kernels => kernels.CentreWeights(w, y);
        });
        Assert.Equal([-1.0, 0, 1, -1, 1, 1], outputs["y"]);
    });
}
