using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>conv_weight_grad</c>.</summary>
internal readonly record struct ConvWeightGrad(Ptr<float> Dy, Ptr<float> X, Ptr<float> Partial, ConvGeometryArgument G, uint SlicePixels) : IKernelArgs
{
    public static string Image => "weight_grad";

    public static string Entry => "conv_weight_grad";

    public static uint Block => ConvTile.Threads;
}

/// <summary>Arguments of <c>binary_conv_weight_grad</c>.</summary>
internal readonly record struct BinaryConvWeightGrad(Ptr<float> Dy, Ptr<uint> XBits, Ptr<float> Partial, ConvGeometryArgument G, uint SlicePixels) : IKernelArgs
{
    public static string Image => "weight_grad";

    public static string Entry => "binary_conv_weight_grad";

    public static uint Block => ConvTile.Threads;
}

/// <summary>Arguments of <c>weight_grad_sum</c>.</summary>
internal readonly record struct WeightGradSum(Ptr<float> Partial, Ptr<float> Dw, uint Slices, uint Count, uint Mode) : IKernelArgs
{
    public static string Image => "weight_grad";

    public static string Entry => "weight_grad_sum";

    public static uint Block => 256;
}

internal sealed partial class CudaKernels
{
    // Rows of a block's tile: (tap, input channel) pairs.
    internal const int WeightRows = 64;

    // A slice is long enough to be worth its partial sums, and there are enough of them to fill the largest GPU.
    private const int SmallestSlicePixels = 256, MaximalWeightSlices = 256;

    public void ConvWeightGrad(Tensor dy, Tensor x, in ConvGeometry g, Tensor dw, GradMode mode, Tensor? scratch)
    {
        FixedSlices slices = WeightSlices(g);
        Launch(new ConvWeightGrad(Reals(dy), Reals(x), Reals(scratch!), new ConvGeometryArgument(g), slices.Rows), WeightGrid(g, slices));
        SumSlices(scratch!, dw, slices, mode);
    }

    public void BinaryConvWeightGrad(Tensor dy, Tensor xBits, in ConvGeometry g, Tensor dw, Tensor? scratch)
    {
        FixedSlices slices = WeightSlices(g);
        Launch(new BinaryConvWeightGrad(Reals(dy), Words(xBits), Reals(scratch!), new ConvGeometryArgument(g), slices.Rows), WeightGrid(g, slices));
        SumSlices(scratch!, dw, slices, GradMode.Write);
    }

    private static long WeightGradBytes(in ConvGeometry g) => WeightSlices(g).Count * g.Weight.Count * sizeof(float);

    private static FixedSlices WeightSlices(in ConvGeometry g) => FixedSlices.Of(g.Output.Rows, SmallestSlicePixels, MaximalWeightSlices);

    private static Grid WeightGrid(in ConvGeometry g, FixedSlices slices) =>
        new(Blocks(g.K * g.K * g.I, WeightRows), Blocks(g.O, ConvTile.Columns), slices.Count);

    private void SumSlices(Tensor partial, Tensor dw, FixedSlices slices, GradMode mode) =>
        Launch(new WeightGradSum(Reals(partial), Reals(dw), slices.Count, Count(dw), (uint)mode), Blocks<WeightGradSum>(Count(dw)));
}
