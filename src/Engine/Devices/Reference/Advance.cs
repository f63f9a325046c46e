using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Reference;

internal sealed unsafe partial class ReferenceKernels
{
    public void Advance(Tensor counters, int count) => counters.As<long>()[BatchCounters.CursorSlot] += count;
}
