using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>advance</c>.</summary>
internal readonly record struct Advance(Ptr<long> Counters, uint Count) : IKernelArgs;

internal sealed partial class CudaKernels
{
    public void Advance(Tensor counters, int count) => Launch(new Advance(new Ptr<long>(counters.Address), (uint)count), OneBlock);
}
