using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>counters.cursor += count; counters int64 [3], see <see cref="BatchCounters"/>.</summary>
    void Advance(Tensor counters, int count);
}
