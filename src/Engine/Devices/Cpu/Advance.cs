using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

internal unsafe partial class CpuKernels<TSimd, TBits, TSigns, TGrad>
{
    public void Advance(Tensor counters, int count) => counters.As<long>()[BatchCounters.CursorSlot] += count;
}
