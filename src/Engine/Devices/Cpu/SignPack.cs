using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd>
{
    public void SignPack(Tensor x, Tensor bits)
    {
        var job = new SignPackJob<TSimd>
        {
            Slices = new Slices(x.Shape.Rows, ChannelBuffer.MaximalSlices),
            Channels = x.Shape.Last,
            X = Reals(x),
            Packed = bits.As<uint>(),
        };
        threads.Run(ref job, job.Slices.Count);
    }
}
