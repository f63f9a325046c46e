using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>sign_pack</c>.</summary>
internal readonly record struct SignPack(Ptr<float> X, Ptr<uint> Bits, uint Rows, uint Channels) : IKernelArgs;

internal sealed partial class CudaKernels
{
    // A warp a word.
    public void SignPack(Tensor x, Tensor bits) =>
        Launch(new SignPack(Reals(x), Words(bits), Rows(x), Channels(x)), Blocks<SignPack>(Count(bits) * (long)Bits.PerWord));
}
