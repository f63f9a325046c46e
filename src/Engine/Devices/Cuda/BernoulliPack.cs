using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>bernoulli_pack</c>.</summary>
internal readonly record struct BernoulliPack(Ptr<float> X, Ptr<long> Counters, Ptr<uint> Bits, uint Rows, uint Channels, uint ItemRows,
    uint Stream, uint PerImage) : IKernelArgs;

internal sealed partial class CudaKernels
{
    // A warp a word.
    public void BernoulliPack(Tensor x, Tensor counters, BernoulliDraw draw, Tensor bits) =>
        Launch(new BernoulliPack(Reals(x), new(counters.Address), Words(bits), Rows(x), Channels(x), Rows(x) / (uint)x.Shape[0], draw.Word,
            Flag(draw.IsPerImage)), Blocks<BernoulliPack>(Count(bits) * (long)Bits.PerWord));
}
