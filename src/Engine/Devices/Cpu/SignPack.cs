using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void SignPack(Tensor x, Tensor bits)
    {
        var job = new SignPackJob<TSimd>
        {
            Slices = SliceRows(x.Shape),
            Channels = x.Shape.Last,
            X = Reals(x),
            Packed = bits.As<uint>(),
        };
        threads.Run(ref job, job.Slices.Count);
    }
}
