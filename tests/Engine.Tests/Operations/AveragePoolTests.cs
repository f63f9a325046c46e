using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>The mean over an image's pixels.</summary>
public sealed class AveragePoolTests
{
    private const int Seed = 25;

    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1 }, { 2, 3, 5, 3 }, { 17, 2, 1, 15 }, { 3, 8, 8, 16 }, { 1, 7, 9, 17 }, { 2, 1, 3, 31 }, { 1, 5, 5, 33 },
        { 3, 2, 7, 64 }, { 1, 3, 3, 65 }, { 2, 9, 1, 127 }, { 1, 8, 8, 130 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_device_agrees(int n, int h, int w, int c)
    {
        Shape image = new(n, h, w, c), pooled = new(n, c);
        Comparison.Run(Seed, bench =>
        {
            Tensor x = bench.Input("x", image), y = bench.Output("y", pooled, Tolerances.Sum(h * w));
            return kernels => kernels.AveragePool(x, y);
        });
        foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
        {
            Comparison.Run(Seed, bench =>
            {
                Tensor dy = bench.Input("dy", pooled), dx = bench.Gradient("dx", image, mode, Tolerances.FewRoundings);
                return kernels => kernels.AveragePoolBackward(dy, dx, mode);
            });
        }
    }

    [Fact]
    public void Reference_gradient_is_that_of_its_forward()
    {
        using KernelBench bench = CentralDifferences.NewBench(Seed);
        Shape image = new(2, 3, 2, 3), pooled = new(2, 3);
        Tensor x = bench.Input("x", image), dy = bench.Input("dy", pooled);
        Tensor y = bench.Output("y", pooled, Tolerances.Exact), dx = bench.Output("dx", image, Tolerances.Exact);
        bench.Commit();
        bench.Device.Kernels.AveragePoolBackward(dy, dx, GradMode.Write);
        CentralDifferences.Check(x, dx, () =>
        {
            bench.Device.Kernels.AveragePool(x, y);
            return CentralDifferences.Dot(y, dy);
        });
    }
}
