using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Real activations by binary weights.</summary>
public sealed class SignConvTests
{
    private const int Seed = 12;

    public static TheoryData<string> Cases => ConvCases.All;

    public static TheoryData<string> Small => ConvCases.Small;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_agrees(string name) => ConvComparison.Run(Seed, name, ScratchUse.SignConvForward, (bench, g) =>
    {
        Tensor x = bench.Input("x", g.Input), w = bench.Signs("w", g.Weight), scale = bench.Input("scale", new Shape(1), [0.37f]);
        Tensor y = bench.Output("y", g.Output, Tolerances.Sum(ConvCases.Products(g)));
        return (kernels, scratch) => kernels.SignConvForward(x, w, scale, g, y, scratch);
    });

    // The binary convolution's input gradient, at the identity slope, is this layer's.
    [Theory]
    [MemberData(nameof(Small))]
    public void Reference_input_gradient_is_that_of_its_forward(string name)
    {
        ConvGeometry g = ConvCases.Parse(name);
        using KernelBench bench = CentralDifferences.NewBench(Seed);
        Tensor x = bench.Input("x", g.Input), w = bench.Signs("w", g.Weight), scale = bench.Input("scale", new Shape(1), [0.37f]);
        Tensor dy = bench.Input("dy", g.Output), p = bench.SlopeParameters();
        Tensor y = bench.Output("y", g.Output, Tolerances.Exact), dx = bench.Output("dx", g.Input, Tolerances.Exact);
        bench.Commit();
        IKernels kernels = bench.Device.Kernels;
        kernels.BinaryConvInputGrad(dy, w, scale, x, SlopeKind.Identity, p, g, dx, GradMode.Write, null);
        CentralDifferences.Check(x, dx, () =>
        {
            kernels.SignConvForward(x, w, scale, g, y, null);
            return CentralDifferences.Dot(y, dy);
        });
    }
}
