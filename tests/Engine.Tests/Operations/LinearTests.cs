using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>y = x wᵀ + b and its gradients.</summary>
public sealed class LinearTests
{
    private const int Seed = 26;

    // N, inputs, outputs.
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 2, 3, 10 }, { 17, 15, 16 }, { 3, 16, 17 }, { 1, 17, 31 }, { 2, 31, 3 },
        { 3, 33, 32 }, { 17, 64, 10 }, { 1, 65, 100 }, { 2, 127, 33 }, { 3, 130, 5 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Forward_agrees(int n, int inputs, int outputs) => Comparison.Run(Seed, bench =>
    {
        Tensor x = bench.Input("x", new Shape(n, inputs)), w = bench.Input("w", new Shape(outputs, inputs));
        Tensor b = bench.Input("b", new Shape(outputs));
        Tensor y = bench.Output("y", new Shape(n, outputs), Tolerances.Sum(inputs));
        return kernels => kernels.LinearForward(x, w, b, y);
    });

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gradients_agree(int n, int inputs, int outputs)
    {
        foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
        {
            Comparison.Run(Seed, bench =>
            {
                Tensor dy = bench.Input("dy", new Shape(n, outputs)), w = bench.Input("w", new Shape(outputs, inputs));
                Tensor dx = bench.Gradient("dx", new Shape(n, inputs), mode, Tolerances.Sum(outputs));
                return kernels => kernels.LinearInputGrad(dy, w, dx, mode);
            });
        }

        Comparison.Run(Seed, bench =>
        {
            Tensor dy = bench.Input("dy", new Shape(n, outputs)), x = bench.Input("x", new Shape(n, inputs));
            Tensor dw = bench.Output("dw", new Shape(outputs, inputs), Tolerances.Sum(n));
            Tensor db = bench.Output("db", new Shape(outputs), Tolerances.Sum(n));
            return kernels => kernels.LinearWeightGrad(dy, x, dw, db);
        });
    }

    [Fact]
    public void Reference_gradients_are_those_of_its_forward()
    {
        using KernelBench bench = CentralDifferences.NewBench(Seed);
        Shape input = new(3, 5), weight = new(4, 5), output = new(3, 4);
        Tensor x = bench.Input("x", input), w = bench.Input("w", weight), b = bench.Input("b", new Shape(4)),
            dy = bench.Input("dy", output);
        Tensor y = bench.Output("y", output, Tolerances.Exact), dx = bench.Output("dx", input, Tolerances.Exact);
        Tensor dw = bench.Output("dw", weight, Tolerances.Exact), db = bench.Output("db", new Shape(4), Tolerances.Exact);
        bench.Commit();
        IKernels kernels = bench.Device.Kernels;
        kernels.LinearInputGrad(dy, w, dx, GradMode.Write);
        kernels.LinearWeightGrad(dy, x, dw, db);
        double Objective()
        {
            kernels.LinearForward(x, w, b, y);
            return CentralDifferences.Dot(y, dy);
        }

        CentralDifferences.Check(x, dx, Objective);
        CentralDifferences.Check(w, dw, Objective);
        CentralDifferences.Check(b, db, Objective);
    }
}
