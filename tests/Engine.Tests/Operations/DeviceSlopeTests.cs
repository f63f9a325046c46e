using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>
/// The slopes as the devices' kernels compute them, at every boundary and its neighbours: the input gradient of a 1x1 convolution
/// of one channel with weight +1 is the slope times dy.
/// </summary>
public sealed class DeviceSlopeTests
{
    private const int Seed = 28;

    private static readonly double[] Points =
        [.. new[] { 0, 0.1f, 1, 1.5f, 0.35f, 2e-3f, float.PositiveInfinity, float.MaxValue, float.Epsilon }
            .SelectMany(v => new[] { v, -v, float.BitIncrement(v), -float.BitIncrement(v), float.BitDecrement(v), -float.BitDecrement(v) })
            .Append(float.NaN).Select(v => (double)v)];

    /// <summary>Every kind at o = 3, and ReSTE, which alone bends with o, at others.</summary>
    public static TheoryData<string, double> Slopes
    {
        get
        {
            var rows = new TheoryData<string, double>();
            foreach (SlopeKind slope in SlopeKinds.All)
                rows.Add(slope.Name, 3);
            foreach (double o in new[] { 1, 1.25, 2, 5 })
                rows.Add(SlopeKind.Reste.Name, o);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Slopes))]
    public void Every_device_computes_the_slope(string name, double o)
    {
        SlopeKind slope = SlopeKinds.Named(name);
        var g = new ConvGeometry(1, 1, Points.Length, 1, 1, 1, 1, 0);
        Comparison.Run(Seed, bench =>
        {
            Tensor dy = bench.Input("dy", g.Output, [.. Enumerable.Repeat(1.0, Points.Length)]), w = bench.Signs("w", g.Weight, [1.0]);
            Tensor x = bench.Input("x", g.Input, Points), scale = bench.Input("scale", new Shape(1), [1.0]), p = bench.SlopeParameters(o);
            Tensor dx = bench.Output("dx", g.Input, Tolerances.SlopeAndShare);
            Tensor? scratch = bench.Scratch(ScratchUse.BinaryConvInputGrad, g);
            return kernels => kernels.BinaryConvInputGrad(dy, w, scale, x, slope, p, g, dx, GradMode.Write, scratch);
        });
    }

    [Fact]
    public void The_definition_gives_zero_for_nan() =>
        Assert.Equal(0, SlopeKind.Reste.Evaluate(double.NaN, new Reste().Parameters(2)));
}
