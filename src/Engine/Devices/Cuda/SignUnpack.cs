using ReSTE.Native.Operations;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>sign_unpack</c>.</summary>
internal readonly record struct SignUnpack(Ptr<uint> Bits, Ptr<float> Y, uint Rows, uint Channels) : IKernelArgs;

/// <summary>Arguments of <c>sign_unpack_backward</c>.</summary>
internal readonly record struct SignUnpackBackward(Ptr<float> Dy, Ptr<float> X, Ptr<float> SlopeParameters, Ptr<float> Dx, uint Count,
    uint SlopeKind, uint Mode) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void SignUnpack(Tensor bits, Tensor y) =>
        Launch(new SignUnpack(Words(bits), Reals(y), Rows(y), Channels(y)), Blocks<SignUnpack>(Count(y)));

    public void SignUnpackBackward(Tensor dy, Tensor x, SlopeKind slope, Tensor slopeParameters, Tensor dx, GradMode mode) =>
        Launch(new SignUnpackBackward(Reals(dy), Reals(x), Reals(slopeParameters), Reals(dx), Count(x), (uint)slope.Number, (uint)mode),
            Blocks<SignUnpackBackward>(Count(x)));
}
