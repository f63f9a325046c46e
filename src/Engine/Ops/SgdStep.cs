using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// SGD with momentum and weight decay on every parameter of a share, as torch.optim.SGD without dampening; momenta start at zero, so that
/// the first step's momentum is the gradient.
/// </summary>
/// <param name="parameters">What holds them.</param>
/// <param name="share">What is updated.</param>
/// <param name="momentum">Name of the optimiser's state that holds the momenta.</param>
/// <param name="knobs">real [3]: rate, momentum, decay.</param>
internal sealed class SgdStep(ParameterSet parameters, ParameterShare share, string momentum, Tensor knobs) : UpdateOp(parameters, share)
{
    protected override void Update(IKernels kernels, FlatTensors flat) =>
        kernels.SgdStep(flat.Values, flat.Gradients, flat.States[momentum], knobs);
}
