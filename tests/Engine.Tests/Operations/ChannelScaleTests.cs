using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>One factor a channel, and its gradients.</summary>
public sealed class ChannelScaleTests
{
    private const int Seed = 41;

    public static TheoryData<int[]> Shapes => new() { new[] { 1, 1 }, new[] { 2, 3 }, new[] { 7, 1, 31 }, new[] { 3, 5, 2, 16 },
        new[] { 1, 33, 65 }, new[] { 2, 9, 7, 127 }, new[] { 700, 17 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_agrees(int[] sizes)
    {
        var shape = new Shape(sizes);
        Comparison.Run(Seed, bench =>
        {
            Tensor x = bench.Input("x", shape), scale = bench.Input("scale", new Shape(shape.Last)),
                y = bench.Output("y", shape, Tolerances.Rounded);
            return kernels => kernels.ChannelScale(x, scale, y);
        });
        Comparison.Run(Seed, bench =>
        {
            Tensor x = bench.InOut("x", shape, Tolerances.Rounded), scale = bench.Input("scale", new Shape(shape.Last));
            return kernels => kernels.ChannelScale(x, scale, x);
        });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gradients_agree(int[] sizes)
    {
        var shape = new Shape(sizes);
        foreach (GradMode mode in new[] { GradMode.None, GradMode.Write, GradMode.Add })
            foreach (bool withScale in new[] { true, false })
            {
                Comparison.Run(Seed, bench =>
                {
                    Tensor dy = bench.Input("dy", shape), x = bench.Input("x", shape), scale = bench.Input("scale", new Shape(shape.Last));
                    Tensor? dx = mode == GradMode.None ? null : bench.Gradient("dx", shape, mode, Tolerances.FewRoundings);
                    Tensor? dscale = withScale ? bench.Output("dscale", new Shape(shape.Last), Tolerances.GradientOfGamma) : null;
                    Tensor? scratch = bench.Scratch(ScratchUse.ChannelScaleBackward, shape);
                    return kernels => kernels.ChannelScaleBackward(dy, x, scale, dx, mode, dscale, scratch);
                });
            }
    }

    [Fact]
    public void Reference_gradients_are_those_of_its_forward()
    {
        using KernelBench bench = CentralDifferences.NewBench(Seed);
        Shape shape = new(4, 3, 5), channels = new(5);
        Tensor x = bench.Input("x", shape), scale = bench.Input("scale", channels), dy = bench.Input("dy", shape);
        Tensor y = bench.Output("y", shape, Tolerances.Exact), dx = bench.Output("dx", shape, Tolerances.Exact);
        Tensor dscale = bench.Output("dscale", channels, Tolerances.Exact);
        bench.Commit();
        IKernels kernels = bench.Device.Kernels;
        kernels.ChannelScaleBackward(dy, x, scale, dx, GradMode.Write, dscale, scratch: null);
        double Objective()
        {
            kernels.ChannelScale(x, scale, y);
            return CentralDifferences.Dot(y, dy);
        }

        CentralDifferences.Check(x, dx, Objective);
        CentralDifferences.Check(scale, dscale, Objective);
    }
}
