using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// SGD with momentum and weight decay on every parameter, as torch.optim.SGD without dampening; momenta start at zero, so that the first step's
/// momentum is the gradient. Learning rate, momentum and decay are read from the knobs.
/// </summary>
internal sealed class SgdStep(ParameterSet parameters) : Op
{
    internal override IEnumerable<Tensor?> ForwardTouches => [];

    public override void Forward(IKernels kernels)
    {
        FlatTensors flat = parameters.Flat;
        kernels.SgdStep(flat.Values, flat.Gradients, flat.Momenta, parameters.Knobs.Tensor);
    }
}
