using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Runs one operation of a convolution, with the working memory that each device wants for it, and compares the results.</summary>
internal static class ConvComparison
{
    /// <summary>Compares an operation that writes.</summary>
    /// <param name="seed">Of the numbers.</param>
    /// <param name="geometry">One of <see cref="ConvCases"/>.</param>
    /// <param name="use">What the working memory is for.</param>
    /// <param name="define">Makes the tensors on the bench and returns what runs the operation with the working memory.</param>
    public static void Run(int seed, string geometry, ScratchUse use, Func<KernelBench, ConvGeometry, Action<IKernels, Tensor?>> define)
    {
        ConvGeometry g = ConvCases.Parse(geometry);
        Comparison.Run(seed, bench =>
        {
            Action<IKernels, Tensor?> run = define(bench, g);
            Tensor? scratch = bench.Scratch(use, g);
            return kernels => run(kernels, scratch);
        }, hasPlainKernel: g.I % 8 == 0 || g.O % 8 == 0);
    }

    /// <summary>Compares an operation in both ways of treating a gradient.</summary>
    public static void Run(
        int seed, string geometry, ScratchUse use, Func<KernelBench, ConvGeometry, GradMode, Action<IKernels, Tensor?>> define)
    {
        foreach (GradMode mode in new[] { GradMode.Write, GradMode.Add })
            Run(seed, geometry, use, (bench, g) => define(bench, g, mode));
    }
}
