using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>binary_conv</c>.</summary>
internal readonly record struct BinaryConv(Ptr<uint> XBits, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> Y, ConvGeometryArgument G)
    : IKernelArgs;

/// <summary>Arguments of <c>binary_conv_input_grad</c>.</summary>
internal readonly record struct BinaryConvInputGrad(Ptr<float> Dy, Ptr<uint> WBits, Ptr<float> Scale, Ptr<float> X,
    Ptr<float> SlopeParameters, Ptr<float> Dx, ConvGeometryArgument G, uint SlopeKind, uint Mode) : IKernelArgs;

/// <summary>Arguments of <c>binary_conv_weight_grad</c>.</summary>
internal readonly record struct BinaryConvWeightGrad(Ptr<float> Dy, Ptr<uint> XBits, Ptr<float> Partial, ConvGeometryArgument G,
    uint SlicePixels)
    : IKernelArgs;

/// <summary>What the input gradient reads and writes.</summary>
internal readonly record struct BinaryConvInputGradOperands(Tensor Dy, Tensor WBits, Tensor? Scale, Tensor X, SlopeKind Slope,
    Tensor SlopeParameters, Tensor Dx, GradMode Mode, Tensor? Scratch);

internal sealed partial class CudaKernels
{
    private readonly PlanTable<SignWeightOperands> _binaryConv = new((kernels, g) =>
        XnorMma(kernels, g) ?? new ThreadAValue(kernels, g));

    private readonly PlanTable<BinaryConvInputGradOperands> _binaryConvInputGrad = new((kernels, g) =>
        InputGradMma(kernels, g) ?? new TiledPlan<BinaryConvInputGradOperands, BinaryConvInputGrad>(kernels, g, g.Input, (o, geometry) =>
            new(Reals(o.Dy), Words(o.WBits), RealsOrNull(o.Scale), Reals(o.X), Reals(o.SlopeParameters), Reals(o.Dx), geometry,
                (uint)o.Slope.Number, (uint)o.Mode)));

    private readonly PlanTable<WeightGradOperands> _binaryConvWeightGrad = new((kernels, g) =>
        WeightGradMma(kernels, g) ?? new SlicedWeightGrad<BinaryConvWeightGrad>(kernels, g, (o, geometry, pixels) =>
            new(Reals(o.Dy), Words(o.X), Reals(o.Scratch!), geometry, pixels)));

    public void BinaryConvForward(Tensor xBits, Tensor wBits, Tensor? scale, in ConvGeometry g, Tensor y, Tensor? scratch) =>
        _binaryConv.For(this, g).Launch(new(xBits, wBits, scale, y, scratch));

    public void BinaryConvInputGrad(Tensor dy, Tensor wBits, Tensor? scale, Tensor x, SlopeKind slope, Tensor slopeParameters,
        in ConvGeometry g, Tensor dx, GradMode mode, Tensor? scratch) =>
        _binaryConvInputGrad.For(this, g).Launch(new(dy, wBits, scale, x, slope, slopeParameters, dx, mode, scratch));

    public void BinaryConvWeightGrad(Tensor dy, Tensor xBits, in ConvGeometry g, Tensor dw, Tensor? scratch) =>
        _binaryConvWeightGrad.For(this, g).Launch(new(dy, xBits, dw, GradMode.Write, scratch));

    /// <summary>Popcounts on the integer units, a thread a value of the output.</summary>
    private sealed class ThreadAValue(CudaKernels kernels, in ConvGeometry g) : Plan<SignWeightOperands>
    {
        private readonly ConvGeometryArgument _g = new(g);
        private readonly Grid _grid = kernels.Blocks<BinaryConv>(g.Output.Count);

        public override void Launch(in SignWeightOperands o) =>
            kernels.Launch(new BinaryConv(Words(o.X), Words(o.WBits), RealsOrNull(o.Scale), Reals(o.Y), _g), _grid);
    }
}
