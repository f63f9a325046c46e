using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Numbers of elements that leave every tail of every vector, fewer and more than there are slices.</summary>
internal static class Elements
{
    public static TheoryData<int> Counts => [1, 2, 3, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 130, 1023, 1025, 2113];

    /// <summary>Compares an activation and its gradient, written and added, on every device.</summary>
    /// <param name="seed">Of the numbers.</param>
    /// <param name="count">How many elements.</param>
    /// <param name="forward">Takes x, y.</param>
    /// <param name="backward">Takes dy, x or y, dx, and whether it writes.</param>
    public static void Compare(int seed, int count, Func<IKernels, Action<Tensor, Tensor>> forward,
        Func<IKernels, Action<Tensor, Tensor, Tensor, GradMode>> backward)
    {
        var shape = new Shape(count);
        Comparison.Run(seed, bench =>
        {
            Tensor x = bench.Input("x", shape), y = bench.Output("y", shape, Tolerances.Exact);
            return kernels => forward(kernels)(x, y);
        });
        foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
        {
            Comparison.Run(seed, bench =>
            {
                Tensor known = bench.Input("x", shape), dy = bench.Input("dy", shape);
                Tensor dx = bench.Gradient("dx", shape, mode, Tolerances.Rounded);
                return kernels => backward(kernels)(dy, known, dx, mode);
            });
        }
    }
}
