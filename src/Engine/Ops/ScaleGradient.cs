using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Multiplies the gradient of a parameter [.., C], after the backward pass.</summary>
/// <param name="parameter">Whose gradient.</param>
/// <param name="factor">real [C].</param>
internal sealed class ScaleGradient(Parameter parameter, Tensor factor) : Op
{
    internal override IEnumerable<Tensor?> ForwardTouches => [];

    public override void Forward(IKernels kernels)
    {
        Tensor gradient = parameter.Variable.Gradient!;
        kernels.ChannelScale(gradient, factor, gradient);
    }
}
