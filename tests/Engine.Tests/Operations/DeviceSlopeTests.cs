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
        [.. new[] { 0, 0.1f, 0.25f, 0.5f, 0.827f, 1, 1.4142135f, 1.5f, 0.35f, 2e-3f, 1e-5f, 17, 90 }
            .Concat([float.PositiveInfinity, float.MaxValue, float.Epsilon])
            .SelectMany(v => new[] { v, -v, float.BitIncrement(v), -float.BitIncrement(v), float.BitDecrement(v), -float.BitDecrement(v) })
            .Append(float.NaN).Select(v => (double)v)];

    /// <summary>Every kind with each of the parameters it is tried with.</summary>
    public static TheoryData<string, int> Slopes
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach (SlopeKind slope in SlopeKinds.All)
                for (int which = 0; which < SlopeKinds.Parameters(slope).Count; which++)
                    rows.Add(slope.Name, which);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Slopes))]
    public void Every_device_computes_the_slope(string name, int which)
    {
        SlopeKind slope = SlopeKinds.Named(name);
        var g = new ConvGeometry(1, 1, Points.Length, 1, 1, 1, 1, 0);
        Comparison.Run(Seed, bench =>
        {
            Tensor dy = bench.Input("dy", g.Output, [.. Enumerable.Repeat(1.0, Points.Length)]), w = bench.Signs("w", g.Weight, [1.0]);
            Tensor x = bench.Input("x", g.Input, Points), scale = bench.Input("scale", new Shape(1), [1.0]);
            Tensor p = bench.SlopeParameters(slope, which);
            Tensor dx = bench.Output("dx", g.Input, Tolerances.ThroughSlope(SlopeKinds.Largest(slope, which), 1));
            Tensor? scratch = bench.Scratch(ScratchUse.BinaryConvInputGrad, g);
            return kernels => kernels.BinaryConvInputGrad(dy, w, scale, x, slope, p, g, dx, GradMode.Write, scratch);
        });
    }

    [Fact]
    public void The_definition_gives_zero_for_nan() =>
        Assert.Equal(0, SlopeKind.Reste.Evaluate(double.NaN, new Reste().Parameters(2)));
}
