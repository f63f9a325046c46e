using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Option A's shortcut: every second row and column, zero channels on both sides.</summary>
public sealed class ShortcutPadTests
{
    private const int Seed = 24;

    // N, H, W, channels of x, channels of y.
    public static TheoryData<int, int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1, 1 }, { 1, 2, 3, 1, 3 }, { 2, 3, 5, 16, 32 }, { 3, 7, 8, 15, 31 }, { 1, 9, 9, 17, 17 },
        { 17, 2, 2, 31, 65 }, { 1, 8, 7, 32, 64 }, { 2, 5, 1, 33, 127 }, { 1, 1, 9, 63, 65 }, { 1, 3, 3, 64, 130 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_device_agrees_exactly(int n, int h, int w, int narrow, int wide)
    {
        Shape x = new(n, h, w, narrow), y = new(n, (h + 1) / 2, (w + 1) / 2, wide);
        Comparison.Run(Seed, bench =>
        {
            Tensor from = bench.Input("x", x), to = bench.Output("y", y, Tolerances.Exact);
            return kernels => kernels.ShortcutPad(from, to);
        });
        foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
        {
            Comparison.Run(Seed, bench =>
            {
                Tensor dy = bench.Input("dy", y), dx = bench.Gradient("dx", x, mode, Tolerances.Rounded);
                return kernels => kernels.ShortcutPadBackward(dy, dx, mode);
            });
        }
    }

    [Fact]
    public void Rows_and_columns_are_halved_and_channels_centred()
    {
        // 3 x 3 pixels of one channel, numbered: the corners stay, in the middle of three channels.
        double[] expected = [0, 1, 0, 0, 3, 0, 0, 7, 0, 0, 9, 0];
        Comparison.OnEveryDevice(device => Assert.Equal(expected, Comparison.Outputs(device, Seed, bench =>
        {
            Tensor x = bench.Input("x", new Shape(1, 3, 3, 1), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
            Tensor y = bench.Output("y", new Shape(1, 2, 2, 3), Tolerances.Exact);
            return kernels => kernels.ShortcutPad(x, y);
        })["y"]));
    }

    [Fact]
    public void Reference_gradient_is_that_of_its_forward()
    {
        using KernelBench bench = CentralDifferences.NewBench(Seed);
        Shape small = new(2, 3, 5, 3), large = new(2, 2, 3, 7);
        Tensor x = bench.Input("x", small), dy = bench.Input("dy", large);
        Tensor y = bench.Output("y", large, Tolerances.Exact), dx = bench.Output("dx", small, Tolerances.Exact);
        bench.Commit();
        bench.Device.Kernels.ShortcutPadBackward(dy, dx, GradMode.Write);
        CentralDifferences.Check(x, dx, () =>
        {
            bench.Device.Kernels.ShortcutPad(x, y);
            return CentralDifferences.Dot(y, dy);
        });
    }
}
