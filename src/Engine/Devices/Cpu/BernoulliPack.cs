using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void BernoulliPack(Tensor x, Tensor counters, BernoulliDraw draw, Tensor bits)
    {
        var job = new BernoulliPackJob<TSimd, TBits>
        {
            Elements = x.Shape.Count / x.Shape[0],
            Channels = x.Shape.Last,
            X = Reals(x),
            Counters = counters.As<long>(),
            Draw = draw,
            Packed = bits.As<uint>(),
        };
        threads.Run(ref job, x.Shape[0]);
    }
}
