using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Engine.Tests.Cpu;

/// <summary>The real convolution of an evaluation, bit for bit plain loops in double, at both widths.</summary>
public sealed class DoubleConvTests
{
    private const int Seed = 12;

    // To the last bit: the product of two singles is exact in double, and the order of additions is the same.
    [Theory]
    [InlineData(1, 1, 1, 1, 1, 1, 0)]
    [InlineData(5, 7, 3, 16, 3, 1, 1)]
    [InlineData(9, 6, 3, 17, 3, 2, 1)]
    [InlineData(8, 8, 33, 31, 1, 2, 0)]
    [InlineData(11, 13, 2, 33, 7, 2, 3)]
    [InlineData(4, 4, 65, 8, 5, 1, 2)]
    public void It_adds_as_plain_loops_do(int height, int width, int inputs, int outputs, int kernel, int stride, int padding)
    {
        var g = new ConvGeometry(1, height, width, inputs, outputs, kernel, stride, padding);
        var random = new Random(Seed);
        float[] x = Numbers(random, height * width * inputs), w = Numbers(random, outputs * kernel * kernel * inputs);
        float[] expected = Plain(g, x, w);
        Assert.Equal(expected, Fast<Doubles256>(g, x, w));
        Assert.Equal(expected, Fast<Doubles512>(g, x, w));
    }

    private static unsafe float[] Fast<T>(ConvGeometry g, float[] x, float[] w) where T : unmanaged, IDoubles<T>
    {
        var y = new float[g.OH * g.OW * g.O + 1];
        y.AsSpan().Fill(float.NaN);
        double[] weights = new double[DoubleConv<T>.WeightDoubles(g)], image = new double[DoubleConv<T>.ImageDoubles(g)];
        image.AsSpan().Fill(double.NaN);
        fixed (double* packed = weights, padded = image)
        fixed (float* from = x, kernels = w, to = y)
        {
            var conv = new DoubleConv<T>(g, packed, padded);
            conv.Pack(kernels);
            conv.Run(from, to);
        }

        Assert.True(float.IsNaN(y[^1]), "written past its end");
        return y[..^1];
    }

    private static float[] Plain(ConvGeometry g, float[] x, float[] w)
    {
        var y = new float[g.OH * g.OW * g.O];
        for (int i = 0; i < y.Length; i++)
        {
            int p = i / g.O / g.OW, q = i / g.O % g.OW, o = i % g.O;
            double sum = 0;
            for (int tap = 0; tap < g.K * g.K * g.I; tap++)
            {
                int row = p * g.Stride - g.Padding + tap / g.I / g.K, column = q * g.Stride - g.Padding + tap / g.I % g.K;
                if (row >= 0 && row < g.H && column >= 0 && column < g.W)
                    sum += (double)x[(row * g.W + column) * g.I + tap % g.I] * w[o * g.K * g.K * g.I + tap];
            }

            y[i] = (float)sum;
        }

        return y;
    }

    // Zeros of both signs among them.
    private static float[] Numbers(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(i => i % 11 == 0 ? 0f : i % 13 == 0 ? -0f : random.NextSingle() * 4 - 2)];
}
