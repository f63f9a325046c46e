using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// SGD with momentum and weight decay on every parameter, as torch.optim.SGD without dampening; momenta start at zero, so that the
/// first step's momentum is the gradient.
/// </summary>
/// <param name="parameters">What is updated.</param>
/// <param name="momentum">Name of the optimiser's state that holds the momenta.</param>
/// <param name="knobs">real [3]: rate, momentum, decay.</param>
internal sealed class SgdStep(ParameterSet parameters, string momentum, Tensor knobs) : Op
{
    internal override IEnumerable<Tensor?> ForwardTouches => [];

    public override void Forward(IKernels kernels)
    {
        FlatTensors flat = parameters.Flat;
        kernels.SgdStep(flat.Values, flat.Gradients, flat.States[momentum], knobs);
    }
}
