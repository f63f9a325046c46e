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
    private SignLayers? _layers;

    internal override IEnumerable<Tensor?> ForwardTouches => [.. base.ForwardTouches, .. _layers?.BackwardTouches ?? []];

    protected override void Update(IKernels kernels, FlatTensors flat)
    {
        if (_layers != null)
            _layers.Step(flat, Parameters.Share(ParameterShare.Binary)!, flat.States[momentum], knobs);
        else
            kernels.SgdStep(flat.Values, flat.Gradients, flat.States[momentum], knobs);
    }

    // The gradients of binary weights need not be there before, if nobody else changes them.
    internal override void Link(RunOrder order)
    {
        if (Share == ParameterShare.All && order.StepBefore(this) is { IsBackward: true, Op: SignLayers layers }
            && layers.LeavesStep(Parameters))
        {
            _layers = layers;
        }
    }
}
