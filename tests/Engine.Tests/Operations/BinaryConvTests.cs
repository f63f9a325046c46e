using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Sign by sign convolution, forward, and both gradients.</summary>
public sealed class BinaryConvTests
{
    private const int Seed = 11;

    public static TheoryData<string> Cases => ConvCases.All;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_agrees_to_the_last_bit(string name) => ConvComparison.Run(Seed, name, ScratchUse.BinaryConvForward, (bench, g) =>
    {
        Tensor x = bench.Signs("x", g.Input), w = bench.Signs("w", g.Weight), scale = bench.Input("scale", new Shape(1), [0.37f]);
        Tensor y = bench.Output("y", g.Output, Tolerances.Rounded);
        return (kernels, scratch) => kernels.BinaryConvForward(x, w, scale, g, y, scratch);
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_counts_the_valid_taps_exactly(string name)
    {
        ConvGeometry g = ConvCases.Parse(name);
        double[] x = SampleValues.Mixed(Seed, "x", g.Input.Count), w = SampleValues.Mixed(Seed, "w", g.Weight.Count);
        double[] expected = PlainSum(g, x, w);
        Comparison.OnEveryDevice(device => Assert.Equal(expected, Comparison.Outputs(device, Seed, bench =>
        {
            Tensor xBits = bench.Signs("x", g.Input, x), wBits = bench.Signs("w", g.Weight, w),
                one = bench.Input("scale", new Shape(1), [1]);
            Tensor y = bench.Output("y", g.Output, Tolerances.Exact);
            Tensor? scratch = bench.Scratch(ScratchUse.BinaryConvForward, g);
            return kernels => kernels.BinaryConvForward(xBits, wBits, one, g, y, scratch);
        })["y"]));
    }

    // Without a scale the count itself comes out, and the gradient is not scaled either.
    [Fact]
    public void No_scale_stands_for_one()
    {
        ConvGeometry g = ConvCases.Parse("2x5x7x32 33 3 2 1");
        foreach (bool real in new[] { true, false })
        {
            Comparison.Run(Seed, bench =>
            {
                Tensor w = bench.Signs("w", g.Weight), y = bench.Output("y", g.Output, Tolerances.Sum(ConvCases.Products(g)));
                Tensor x = real ? bench.Input("x", g.Input) : bench.Signs("x", g.Input);
                Tensor? scratch = bench.Scratch(real ? ScratchUse.SignConvForward : ScratchUse.BinaryConvForward, g);
                return kernels =>
                {
                    if (real)
                        kernels.SignConvForward(x, w, null, g, y, scratch);
                    else
                        kernels.BinaryConvForward(x, w, null, g, y, scratch);
                };
            });
        }

        Comparison.Run(Seed, bench =>
        {
            Tensor dy = bench.Input("dy", g.Output), w = bench.Signs("w", g.Weight), x = bench.Input("x", g.Input),
                p = bench.SlopeParameters();
            Tensor dx = bench.Output("dx", g.Input, Tolerances.SumWithSlope(ConvCases.InputProducts(g)));
            Tensor? scratch = bench.Scratch(ScratchUse.BinaryConvInputGrad, g);
            return kernels => kernels.BinaryConvInputGrad(dy, w, null, x, SlopeKind.Reste, p, g, dx, GradMode.Write, scratch);
        });
    }

    // All signs equal: every product is +1, so the sum is the number of taps inside the image times the channels.
    [Fact]
    public void Padding_is_not_counted()
    {
        var g = new ConvGeometry(1, 3, 4, 33, 2, 3, 1, 1);
        double[] taps = [4, 6, 6, 4, 6, 9, 9, 6, 4, 6, 6, 4];
        double[] expected = [.. taps.SelectMany(t => new[] { 33 * t, -33 * t })];
        double[] filters = [.. Enumerable.Range(0, (int)g.Weight.Count).Select(i => i < g.Weight.Count / 2 ? -1.0 : 1)];
        Comparison.OnEveryDevice(device => Assert.Equal(expected, Comparison.Outputs(device, Seed, bench =>
        {
            Tensor x = bench.Signs("x", g.Input, Enumerable.Repeat(-1.0, (int)g.Input.Count).ToArray());
            Tensor w = bench.Signs("w", g.Weight, filters), one = bench.Input("scale", new Shape(1), [1]);
            Tensor y = bench.Output("y", g.Output, Tolerances.Exact);
            Tensor? scratch = bench.Scratch(ScratchUse.BinaryConvForward, g);
            return kernels => kernels.BinaryConvForward(x, w, one, g, y, scratch);
        })["y"]));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Input_gradient_agrees(string name)
    {
        foreach (SlopeKind slope in SlopeKinds.All)
        {
            ConvComparison.Run(Seed, name, ScratchUse.BinaryConvInputGrad, (bench, g, mode) =>
            {
                Tensor dy = bench.Input("dy", g.Output), w = bench.Signs("w", g.Weight), x = bench.Input("x", g.Input);
                Tensor scale = bench.Input("scale", new Shape(1), [0.37f]), p = bench.SlopeParameters(slope);
                Tensor dx = bench.Gradient("dx", g.Input, mode, Tolerances.SumWithSlope(ConvCases.InputProducts(g)));
                return (kernels, scratch) => kernels.BinaryConvInputGrad(dy, w, scale, x, slope, p, g, dx, mode, scratch);
            });
        }
    }

    [Fact]
    public void Where_the_slope_is_zero_so_is_the_gradient()
    {
        var g = new ConvGeometry(1, 5, 9, 19, 6, 3, 1, 1);
        double[] values = SampleValues.Mixed(Seed, "x", g.Input.Count);
        foreach (var (slope, limit) in new[] { (SlopeKind.Clipped, 1f), (SlopeKind.Reste, 1.5f) })
        {
            Comparison.OnEveryDevice(device =>
            {
                double[] dx = Comparison.Outputs(device, Seed, bench =>
                {
                    Tensor dy = bench.Input("dy", g.Output), w = bench.Signs("w", g.Weight), x = bench.Input("x", g.Input, values);
                    Tensor scale = bench.Input("scale", new Shape(1), [0.37f]), p = bench.SlopeParameters(slope);
                    Tensor gradient = bench.Output("dx", g.Input, Tolerances.Exact);
                    Tensor? scratch = bench.Scratch(ScratchUse.BinaryConvInputGrad, g);
                    return kernels => kernels.BinaryConvInputGrad(dy, w, scale, x, slope, p, g, gradient, GradMode.Write, scratch);
                })["dx"];
                Assert.All(dx, (value, i) => Assert.Equal(Math.Abs(values[i]) > limit, value == 0));
            });
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weight_gradient_agrees(string name) => ConvComparison.Run(Seed, name, ScratchUse.BinaryConvWeightGrad, (bench, g) =>
    {
        Tensor dy = bench.Input("dy", g.Output), x = bench.Signs("x", g.Input);
        Tensor dw = bench.Output("dw", g.Weight, Tolerances.SumLessBorder(ConvCases.WeightProducts(g)));
        return (kernels, scratch) => kernels.BinaryConvWeightGrad(dy, x, g, dw, scratch);
    });

    // Gradients that are small whole numbers: every sum is exact in single precision, in any order.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Weight_gradient_of_whole_numbers_is_exact(string name) =>
        ConvComparison.Run(Seed, name, ScratchUse.BinaryConvWeightGrad, (bench, g) =>
        {
            double[] whole = SampleValues.Fill(Seed, "dy", g.Output.Count, random => random.Next(-8, 9));
            Tensor dy = bench.Input("dy", g.Output, whole), x = bench.Signs("x", g.Input);
            Tensor dw = bench.Output("dw", g.Weight, Tolerances.Exact);
            return (kernels, scratch) => kernels.BinaryConvWeightGrad(dy, x, g, dw, scratch);
        });

    /// <summary>The sum of products of signs over the taps inside the image, by coordinates.</summary>
    internal static double[] PlainSum(ConvGeometry g, double[] x, double[] w)
    {
        var y = new double[g.Output.Count];
        for (int at = 0; at < y.Length; at++)
        {
            int o = at % g.O, q = at / g.O % g.OW, p = at / g.O / g.OW % g.OH, n = at / g.O / g.OW / g.OH;
            for (int tap = 0; tap < g.K * g.K; tap++)
            {
                int row = p * g.Stride - g.Padding + tap / g.K, column = q * g.Stride - g.Padding + tap % g.K;
                if (row < 0 || row >= g.H || column < 0 || column >= g.W)
                    continue;
                for (int i = 0; i < g.I; i++)
                    y[at] += x[((n * g.H + row) * g.W + column) * g.I + i] < 0 == w[(o * g.K * g.K + tap) * g.I + i] < 0 ? 1 : -1;
            }
        }

        return y;
    }
}
