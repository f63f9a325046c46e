using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Moves a pass's cursor past the batch just done.</summary>
internal sealed class Advance(Tensor counters, int count) : Op
{
    internal override IEnumerable<Tensor?> ForwardTouches => [];

    public override void Forward(IKernels kernels) => kernels.Advance(counters, count);
}
