using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>estimating_error</c>.</summary>
internal readonly record struct EstimatingError(Ptr<float> W, Ptr<float> Exponent, Ptr<double> Result, uint Count, uint Slot) : IKernelArgs;

/// <summary>Arguments of <c>gradient_variance</c>.</summary>
internal readonly record struct GradientVariance(Ptr<float> Dw, Ptr<double> Result, uint Count, uint Slot) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void EstimatingError(Tensor w, Tensor exponent, Tensor result, int slot) =>
        Launch(new EstimatingError(Reals(w), Reals(exponent), Doubles(result), Count(w), (uint)slot), OneBlock);

    public void GradientVariance(Tensor dw, Tensor result, int slot) =>
        Launch(new GradientVariance(Reals(dw), Doubles(result), Count(dw), (uint)slot), OneBlock);
}
