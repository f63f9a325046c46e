using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>linear</c>.</summary>
internal readonly record struct Linear(Ptr<float> X, Ptr<float> W, Ptr<float> B, Ptr<float> Y, uint N, uint I, uint O) : IKernelArgs;

/// <summary>Arguments of <c>linear_input_grad</c>.</summary>
internal readonly record struct LinearInputGrad(Ptr<float> Dy, Ptr<float> W, Ptr<float> Dx, uint N, uint I, uint O, uint Mode)
    : IKernelArgs;

/// <summary>Arguments of <c>linear_weight_grad</c>.</summary>
internal readonly record struct LinearWeightGrad(Ptr<float> Dy, Ptr<float> X, Ptr<float> Dw, Ptr<float> Db, uint N, uint I, uint O)
    : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void LinearForward(Tensor x, Tensor w, Tensor b, Tensor y) =>
        Launch(new Linear(Reals(x), Reals(w), Reals(b), Reals(y), Rows(x), Channels(x), Rows(w)),
            Blocks<Linear>(32L * Count(y)));

    public void LinearInputGrad(Tensor dy, Tensor w, Tensor dx, GradMode mode) =>
        Launch(new LinearInputGrad(Reals(dy), Reals(w), Reals(dx), Rows(dy), Channels(w), Rows(w), (uint)mode),
            Blocks<LinearInputGrad>(Count(dx)));

    // One column more than the weights: the bias.
    public void LinearWeightGrad(Tensor dy, Tensor x, Tensor dw, Tensor db) =>
        Launch(new LinearWeightGrad(Reals(dy), Reals(x), Reals(dw), Reals(db), Rows(dy), Channels(x), Channels(dy)),
            new Grid(Blocks(Count(dw) + (long)Count(db), Constant<LinearWeightGrad>("linear_weight_values"))));
}
