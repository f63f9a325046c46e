using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>One number a channel that is added, and its gradient.</summary>
public sealed class ChannelBiasTests
{
    private const int Seed = 61;

    public static TheoryData<int[]> Shapes => ChannelScaleTests.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_device_agrees(int[] sizes)
    {
        var shape = new Shape(sizes);
        var channels = new Shape(shape.Last);
        Comparison.Run(Seed, bench =>
        {
            Tensor x = bench.Input("x", shape), bias = bench.Input("bias", channels), y = bench.Output("y", shape, Tolerances.Rounded);
            return kernels => kernels.ChannelBias(x, bias, y);
        });
        Comparison.Run(Seed, bench =>
        {
            Tensor dy = bench.Input("dy", shape), dbias = bench.Output("dbias", channels, Tolerances.Statistic);
            return kernels => kernels.ChannelBiasGrad(dy, dbias);
        });
    }

    [Fact]
    public void Reference_gradients_are_those_of_its_forward()
    {
        using KernelBench bench = CentralDifferences.NewBench(Seed);
        Shape shape = new(4, 3, 5), channels = new(5);
        Tensor x = bench.Input("x", shape), bias = bench.Input("bias", channels), dy = bench.Input("dy", shape);
        Tensor y = bench.Output("y", shape, Tolerances.Exact), dbias = bench.Output("dbias", channels, Tolerances.Exact);
        bench.Commit();
        IKernels kernels = bench.Device.Kernels;
        kernels.ChannelBiasGrad(dy, dbias);
        double Objective()
        {
            kernels.ChannelBias(x, bias, y);
            return CentralDifferences.Dot(y, dy);
        }

        CentralDifferences.Check(x, dy, Objective);
        CentralDifferences.Check(bias, dbias, Objective);
    }
}
