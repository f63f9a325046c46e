using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>relu</c>.</summary>
internal readonly record struct Relu(Ptr<float> X, Ptr<float> Y, uint Count) : IKernelArgs
{
    public static string Image => "relu";

    public static string Entry => "relu";

    public static uint Block => 256;
}

/// <summary>Arguments of <c>relu_backward</c>.</summary>
internal readonly record struct ReluBackward(Ptr<float> Dy, Ptr<float> Y, Ptr<float> Dx, uint Count, uint Mode) : IKernelArgs
{
    public static string Image => "relu";

    public static string Entry => "relu_backward";

    public static uint Block => 256;
}

/// <summary>Arguments of <c>add</c>.</summary>
internal readonly record struct Add(Ptr<float> A, Ptr<float> B, Ptr<float> Y, uint Count) : IKernelArgs
{
    public static string Image => "add";

    public static string Entry => "add";

    public static uint Block => 256;
}

/// <summary>Arguments of <c>accumulate</c>.</summary>
internal readonly record struct Accumulate(Ptr<float> Dy, Ptr<float> Dx, uint Count, uint Mode) : IKernelArgs
{
    public static string Image => "add";

    public static string Entry => "accumulate";

    public static uint Block => 256;
}

internal sealed partial class CudaKernels
{
    public void Relu(Tensor x, Tensor y) => Launch(new Relu(Reals(x), Reals(y), Count(x)), Blocks<Relu>(Count(x)));

    public void ReluBackward(Tensor dy, Tensor y, Tensor dx, GradMode mode) =>
        Launch(new ReluBackward(Reals(dy), Reals(y), Reals(dx), Count(y), (uint)mode), Blocks<ReluBackward>(Count(y)));

    public void Add(Tensor a, Tensor b, Tensor y) => Launch(new Add(Reals(a), Reals(b), Reals(y), Count(y)), Blocks<Add>(Count(y)));

    public void Accumulate(Tensor dy, Tensor dx, GradMode mode) =>
        Launch(new Accumulate(Reals(dy), Reals(dx), Count(dy), (uint)mode), Blocks<Accumulate>(Count(dy)));
}
