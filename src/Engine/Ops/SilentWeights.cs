using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>Raises the gradients of filters that learn too slowly, and decays weights whose sign has not changed for long.</summary>
/// <param name="latent">real [O,K,K,I], after its backward pass.</param>
/// <param name="tracker">Its state: how often each weight's sign has changed lately.</param>
/// <param name="previous">Its state: each weight as it was a step ago; 0 where that is not known.</param>
/// <param name="knobs">real [5], see <see cref="IKernels.SilentWeights"/>.</param>
internal sealed class SilentWeights(Parameter latent, StateTensor tracker, StateTensor previous, Tensor knobs) : Op
{
    internal override IEnumerable<Tensor?> ForwardTouches => [];

    public override void Forward(IKernels kernels) =>
        kernels.SilentWeights(latent.Value, latent.Variable.Gradient!, tracker.Value, previous.Value, knobs);
}
