using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Keeps what lies outside a tape's workspace, such as a parameter, in [-bound, bound]; has no gradient.</summary>
/// <param name="x">real, of any shape.</param>
/// <param name="bound">A positive number.</param>
internal sealed class Clamp(Tensor x, float bound) : Op
{
    internal override IEnumerable<Tensor?> ForwardTouches => [x];

    public override void Forward(IKernels kernels) => kernels.Clamp(x, bound);
}
