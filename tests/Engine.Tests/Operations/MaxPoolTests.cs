using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>The largest value of each window, and the gradient that goes where it came from.</summary>
public sealed class MaxPoolTests
{
    private const int Seed = 26;

    // N, H, W, C, size, stride, padding: both of the published networks, one that overlaps, one with gaps, one of a pixel.
    public static TheoryData<int, int, int, int, int, int, int> Cases => new()
    {
        { 1, 2, 2, 1, 2, 2, 0 }, { 2, 5, 4, 15, 2, 2, 0 }, { 1, 6, 6, 33, 2, 2, 0 }, { 3, 4, 4, 65, 2, 2, 0 }, { 1, 4, 2, 127, 2, 2, 0 },
        { 1, 1, 1, 17, 3, 2, 1 }, { 2, 7, 6, 16, 3, 2, 1 }, { 1, 8, 9, 31, 3, 2, 1 }, { 2, 5, 5, 63, 3, 2, 1 }, { 1, 2, 3, 130, 3, 2, 1 },
        { 1, 5, 4, 7, 3, 1, 1 }, { 2, 7, 7, 9, 2, 3, 0 }, { 1, 3, 5, 5, 1, 1, 0 }, { 1, 9, 9, 3, 4, 2, 2 }, { 1, 17, 16, 2, 16, 5, 8 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_device_agrees_exactly(int n, int h, int w, int c, int size, int stride, int padding)
    {
        Shape image = new(n, h, w, c);
        var window = new PoolWindow(size, stride, padding);
        Shape pooled = window.Output("max", image);
        Comparison.Run(Seed, bench =>
        {
            Tensor x = bench.Input("x", image), y = bench.Output("y", pooled, Tolerances.Exact);
            Tensor taps = bench.Output("taps", pooled, ElementType.UInt8, Tolerances.Exact);
            return kernels => kernels.MaxPool(x, window, taps, y);
        });
        foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
        {
            Comparison.Run(Seed, bench =>
            {
                Tensor dy = bench.Input("dy", pooled), dx = bench.Gradient("dx", image, mode, Tolerances.Sum(WindowsAPixel(window) + 1));
                Tensor taps = bench.Input("taps", pooled, ElementType.UInt8, Taps(window, image, pooled));
                return kernels => kernels.MaxPoolBackward(dy, taps, window, dx, mode);
            });
        }
    }

    // Signs, which a pool of a binary network sees, are alike four times of five.
    [Fact]
    public void Of_equal_values_the_first_takes_the_gradient() => Comparison.OnEveryDevice(device =>
    {
        Shape image = new(1, 4, 4, 1), pooled = new(1, 2, 2, 1);
        double[] pixels =
        [
            1, 1, -1, 1,
            1, 1, 1, 1,
            -0.0, 0.0, -1, -1,
            0.0, -0.0, -1, -1,
        ];
        var outputs = Comparison.Outputs(device, Seed, bench =>
        {
            Tensor x = bench.Input("x", image, pixels), y = bench.Output("y", pooled, Tolerances.Exact);
            Tensor taps = bench.Output("taps", pooled, ElementType.UInt8, Tolerances.Exact);
            Tensor dy = bench.Input("dy", pooled, [1, 2, 3, 4]), dx = bench.Output("dx", image, Tolerances.Exact);
            return kernels =>
            {
                kernels.MaxPool(x, new PoolWindow(2, 2, 0), taps, y);
                kernels.MaxPoolBackward(dy, taps, new PoolWindow(2, 2, 0), dx, GradMode.Write);
            };
        });
        Assert.Equal([1, 1, 0, -1], outputs["y"]);
        Assert.Equal([0, 1, 0, 0], outputs["taps"]);
        Assert.Equal([1, 0, 0, 2, 0, 0, 0, 0, 3, 0, 4, 0, 0, 0, 0, 0], outputs["dx"]);
    });

    // Eighteen channels: a whole vector of each width and a rest.
    [Fact]
    public void A_NaN_is_the_largest_and_the_border_the_least() => Comparison.OnEveryDevice(device =>
    {
        const int Channels = 18;
        double[] pixels = [.. new[] { double.NegativeInfinity, double.NaN, 1, double.NaN }.SelectMany(v => Enumerable.Repeat(v, Channels))];
        var outputs = Comparison.Outputs(device, Seed, bench =>
        {
            bench.AllowsNaN = true;
            Tensor x = bench.Input("x", new Shape(1, 2, 2, Channels), pixels);
            Tensor y = bench.Output("y", new Shape(1, 2, 2, Channels), Tolerances.Exact);
            Tensor taps = bench.Output("taps", new Shape(1, 2, 2, Channels), ElementType.UInt8, Tolerances.Exact);
            return kernels => kernels.MaxPool(x, new PoolWindow(2, 2, 1), taps, y);
        });
        Assert.Equal([.. new[] { double.NegativeInfinity, double.NaN, 1, double.NaN }.SelectMany(v => Enumerable.Repeat(v, Channels))],
            outputs["y"]);
        Assert.Equal([.. new double[] { 3, 2, 1, 0 }.SelectMany(v => Enumerable.Repeat(v, Channels))], outputs["taps"]);
    });

    [Fact]
    public void Of_several_NaNs_the_last_is_kept() => Comparison.OnEveryDevice(device =>
    {
        const int Channels = 18;
        var outputs = Comparison.Outputs(device, Seed, bench =>
        {
            bench.AllowsNaN = true;
            Tensor x = bench.Input("x", new Shape(1, 2, 2, Channels),
                [.. new[] { double.NaN, 5, double.NaN, 7 }.SelectMany(v => Enumerable.Repeat(v, Channels))]);
            Tensor y = bench.Output("y", new Shape(1, 1, 1, Channels), Tolerances.Exact);
            Tensor taps = bench.Output("taps", new Shape(1, 1, 1, Channels), ElementType.UInt8, Tolerances.Exact);
            return kernels => kernels.MaxPool(x, new PoolWindow(2, 2, 0), taps, y);
        });
        Assert.All(outputs["y"], y => Assert.True(double.IsNaN(y)));
        Assert.All(outputs["taps"], tap => Assert.Equal(2, tap));
    });

    [Theory]
    [InlineData(3, 2, 1)]
    [InlineData(2, 2, 0)]
    public void Reference_gradient_is_that_of_its_forward(int size, int stride, int padding)
    {
        using KernelBench bench = CentralDifferences.NewBench(Seed);
        var window = new PoolWindow(size, stride, padding);
        Shape image = new(2, 5, 4, 3), pooled = window.Output("max", image);
        // A step apart at least, or a difference would change which is the largest.
        double[] apart = [.. Enumerable.Range(0, (int)image.Count).Select(i => i * 37 % image.Count / 64.0)];
        Tensor x = bench.Input("x", image, apart), dy = bench.Input("dy", pooled);
        Tensor y = bench.Output("y", pooled, Tolerances.Exact), dx = bench.Output("dx", image, Tolerances.Exact);
        Tensor taps = bench.Output("taps", pooled, ElementType.UInt8, Tolerances.Exact);
        bench.Commit();
        bench.Device.Kernels.MaxPool(x, window, taps, y);
        bench.Device.Kernels.MaxPoolBackward(dy, taps, window, dx, GradMode.Write);
        CentralDifferences.Check(x, dx, () =>
        {
            bench.Device.Kernels.MaxPool(x, window, taps, y);
            return CentralDifferences.Dot(y, dy);
        });
    }

    /// <summary>Windows that share a pixel, at most.</summary>
    private static int WindowsAPixel(PoolWindow window)
    {
        int along = (window.Size + window.Stride - 1) / window.Stride;
        return along * along;
    }

    /// <summary>A place inside the image for each window.</summary>
    private static byte[] Taps(PoolWindow window, Shape image, Shape pooled)
    {
        var random = new Random(Seed);
        var taps = new byte[pooled.Count];
        for (int i = 0; i < taps.Length; i++)
        {
            int pixel = i / pooled[3], top = pixel / pooled[2] % pooled[1] * window.Stride - window.Padding,
                left = pixel % pooled[2] * window.Stride - window.Padding;
            int row = random.Next(Math.Max(top, 0), Math.Min(top + window.Size, image[1]));
            int column = random.Next(Math.Max(left, 0), Math.Min(left + window.Size, image[2]));
            taps[i] = (byte)((row - top) * window.Size + column - left);
        }
        return taps;
    }
}
