using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>binarize_weights</c>.</summary>
internal readonly record struct BinarizeWeights(Ptr<float> W, Ptr<float> Scale, uint Count) : IKernelArgs
{
    public static string Image => "binarize_weights";

    public static string Entry => "binarize_weights";

    public static uint Block => 1024;
}

/// <summary>Arguments of <c>binarize_weights_backward</c>.</summary>
internal readonly record struct BinarizeWeightsBackward(Ptr<float> W, Ptr<float> DwHat, Ptr<float> Scale, Ptr<float> SlopeParameters, Ptr<float> Dw, uint Count, uint SlopeKind, uint Mode) : IKernelArgs
{
    public static string Image => "binarize_weights";

    public static string Entry => "binarize_weights_backward";

    public static uint Block => 1024;
}

internal sealed partial class CudaKernels
{
    public void BinarizeWeights(Tensor w, Tensor bits, Tensor? scale)
    {
        SignPack(w, bits);
        Launch(new BinarizeWeights(Reals(w), Reals(scale!), Count(w)), OneBlock);
    }

    public void BinarizeWeightsBackward(Tensor w, Tensor dwHat, Tensor? scale, bool attached, SlopeKind slope, Tensor slopeParameters,
        Tensor dw, GradMode mode) =>
        Launch(new BinarizeWeightsBackward(Reals(w), Reals(dwHat), Reals(scale!), Reals(slopeParameters), Reals(dw), Count(w), (uint)slope.Number, (uint)mode), OneBlock);
}
