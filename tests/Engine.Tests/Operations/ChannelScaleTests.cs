using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>One number a channel, and its gradients.</summary>
public sealed class ChannelScaleTests
{
    private const int Seed = 41;

    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1 }, { 2, 1, 3, 3 }, { 3, 5, 5, 16 }, { 1, 1, 1, 31 }, { 2, 2, 2, 32 }, { 1, 3, 1, 33 }, { 17, 3, 5, 63 }, { 2, 4, 5, 65 },
        { 1, 9, 9, 127 }, { 2, 9, 9, 130 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_device_multiplies_exactly(int n, int h, int w, int c)
    {
        var shape = new Shape(n, h, w, c);
        Comparison.Run(Seed, bench =>
        {
            Tensor x = bench.Input("x", shape), scale = bench.Input("scale", new Shape(c)), y = bench.Output("y", shape, Tolerances.Rounded);
            return kernels => kernels.ChannelScale(x, scale, y);
        });
        Comparison.Run(Seed, bench =>
        {
            Tensor x = bench.InOut("x", shape, Tolerances.Rounded), scale = bench.Input("scale", new Shape(c));
            return kernels => kernels.ChannelScale(x, scale, x);
        });
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Backward_agrees(int n, int h, int w, int c)
    {
        foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
            CompareBackward(new Shape(n, h, w, c), mode, withInput: true, withScale: true);
    }

    [Fact]
    public void Either_gradient_may_be_left_out()
    {
        CompareBackward(new Shape(3, 2, 2, 19), GradMode.Write, withInput: true, withScale: false);
        CompareBackward(new Shape(3, 2, 2, 19), GradMode.Write, withInput: false, withScale: true);
    }

    [Fact]
    public void Reference_gradients_are_those_of_its_forward()
    {
        var shape = new Shape(4, 3);
        using KernelBench bench = CentralDifferences.NewBench(Seed);
        Tensor x = bench.Input("x", shape), scale = bench.Input("scale", new Shape(3)), dy = bench.Input("dy", shape);
        Tensor y = bench.Output("y", shape, Tolerances.Exact), dx = bench.Output("dx", shape, Tolerances.Exact);
        Tensor dscale = bench.Output("dscale", new Shape(3), Tolerances.Exact);
        bench.Commit();
        IKernels kernels = bench.Device.Kernels;
        double Objective()
        {
            kernels.ChannelScale(x, scale, y);
            return CentralDifferences.Dot(y, dy);
        }

        kernels.ChannelScaleBackward(dy, x, scale, dx, GradMode.Write, dscale, scratch: null);
        CentralDifferences.Check(x, dx, Objective);
        CentralDifferences.Check(scale, dscale, Objective);
    }

    private static void CompareBackward(Shape shape, GradMode mode, bool withInput, bool withScale) => Comparison.Run(Seed, bench =>
    {
        var channels = new Shape(shape.Last);
        Tensor dy = bench.Input("dy", shape), x = bench.Input("x", shape), scale = bench.Input("scale", channels);
        Tensor? dx = withInput ? bench.Gradient("dx", shape, mode, Tolerances.FewRoundings) : null;
        Tensor? dscale = withScale ? bench.Output("dscale", channels, Tolerances.GradientOfGamma) : null;
        Tensor? scratch = bench.Scratch(ScratchUse.ChannelScaleBackward, shape);
        return kernels => kernels.ChannelScaleBackward(dy, x, scale, dx, mode, dscale, scratch);
    });
}
