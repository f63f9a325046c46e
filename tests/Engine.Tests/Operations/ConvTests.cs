using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>The full-precision convolution and its gradients.</summary>
public sealed class ConvTests
{
    private const int Seed = 13;

    public static TheoryData<string> Cases => ConvCases.All;

    public static TheoryData<string> OfEights => ConvCases.OfEights;

    public static TheoryData<string> Small => ConvCases.Small;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_agrees(string name) => ConvComparison.Run(Seed, name, ScratchUse.ConvForward, (bench, g) =>
    {
        Tensor x = bench.Input("x", g.Input), w = bench.Input("w", g.Weight);
        Tensor y = bench.Output("y", g.Output, Tolerances.Sum(ConvCases.Products(g)));
        return (kernels, scratch) => kernels.ConvForward(x, w, g, y, scratch);
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Input_gradient_agrees(string name) => ConvComparison.Run(Seed, name, ScratchUse.ConvInputGrad, (bench, g, mode) =>
    {
        Tensor dy = bench.Input("dy", g.Output), w = bench.Input("w", g.Weight);
        Tensor dx = bench.Gradient("dx", g.Input, mode, Tolerances.GradientSum(ConvCases.InputProducts(g)));
        return (kernels, scratch) => kernels.ConvInputGrad(dy, w, g, dx, mode, scratch);
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weight_gradient_agrees(string name) => ConvComparison.Run(Seed, name, ScratchUse.ConvWeightGrad, (bench, g, mode) =>
    {
        Tensor dy = bench.Input("dy", g.Output), x = bench.Input("x", g.Input);
        Tensor dw = bench.Gradient("dw", g.Weight, mode, Tolerances.GradientSum(ConvCases.WeightProducts(g)));
        return (kernels, scratch) => kernels.ConvWeightGrad(dy, x, g, dw, mode, scratch);
    });

    // One side needs both parts, nine bits, the other one of them, and every sum stays below 2^24: exact in any order.
    [Theory]
    [MemberData(nameof(OfEights))]
    public void Whole_numbers_of_two_parts_are_exact(string name)
    {
        foreach (bool left in new[] { true, false })
        {
            ConvComparison.Run(Seed, name, ScratchUse.ConvForward, (bench, g) =>
            {
                Tensor x = Whole(bench, "x", g.Input, left), w = Whole(bench, "w", g.Weight, !left);
                Tensor y = bench.Output("y", g.Output, Tolerances.Exact);
                return (kernels, scratch) => kernels.ConvForward(x, w, g, y, scratch);
            });
            ConvComparison.Run(Seed, name, ScratchUse.ConvInputGrad, (bench, g) =>
            {
                Tensor dy = Whole(bench, "dy", g.Output, left), w = Whole(bench, "w", g.Weight, !left);
                Tensor dx = bench.Output("dx", g.Input, Tolerances.Exact);
                return (kernels, scratch) => kernels.ConvInputGrad(dy, w, g, dx, GradMode.Write, scratch);
            });
            ConvComparison.Run(Seed, name, ScratchUse.ConvWeightGrad, (bench, g) =>
            {
                Tensor dy = Whole(bench, "dy", g.Output, left), x = Whole(bench, "x", g.Input, !left);
                Tensor dw = bench.Output("dw", g.Weight, Tolerances.Exact);
                return (kernels, scratch) => kernels.ConvWeightGrad(dy, x, g, dw, GradMode.Write, scratch);
            });
        }
    }

    private static Tensor Whole(KernelBench bench, string name, Shape shape, bool ofTwoParts)
    {
        int most = ofTwoParts ? 511 : 4;
        return bench.Input(name, shape, SampleValues.Fill(Seed, name, shape.Count, random => random.Next(-most, most + 1)));
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void Reference_gradients_are_those_of_its_forward(string name)
    {
        ConvGeometry g = ConvCases.Parse(name);
        using KernelBench bench = CentralDifferences.NewBench(Seed);
        Tensor x = bench.Input("x", g.Input), w = bench.Input("w", g.Weight), dy = bench.Input("dy", g.Output);
        Tensor y = bench.Output("y", g.Output, Tolerances.Exact);
        Tensor dx = bench.Output("dx", g.Input, Tolerances.Exact), dw = bench.Output("dw", g.Weight, Tolerances.Exact);
        bench.Commit();
        IKernels kernels = bench.Device.Kernels;
        kernels.ConvInputGrad(dy, w, g, dx, GradMode.Write, null);
        kernels.ConvWeightGrad(dy, x, g, dw, GradMode.Write, null);
        double Objective()
        {
            kernels.ConvForward(x, w, g, y, null);
            return CentralDifferences.Dot(y, dy);
        }

        CentralDifferences.Check(x, dx, Objective);
        CentralDifferences.Check(w, dw, Objective);
    }
}
