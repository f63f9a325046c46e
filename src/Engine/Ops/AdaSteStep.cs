using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>AdaSTE's step on the latent weights of binary layers; it counts the steps it has done.</summary>
/// <param name="parameters">What holds them.</param>
/// <param name="momentum">Name of the optimiser's state that holds the momenta, zero before the first step.</param>
/// <param name="steps">real [1]: steps done.</param>
/// <param name="one">real [1]: 1.</param>
/// <param name="factor">real [9]: numbers of the gradient's factor.</param>
/// <param name="knobs">real [5]: rate, momentum, what is left of it to 1, decay, gain.</param>
internal sealed class AdaSteStep(ParameterSet parameters, string momentum, Tensor steps, Tensor one, Tensor factor, Tensor knobs)
    : UpdateOp(parameters, ParameterShare.Binary)
{
    protected override void Update(IKernels kernels, FlatTensors flat)
    {
        kernels.Accumulate(one, steps, GradMode.Add);
        kernels.AdaSteStep(flat.Values, flat.Gradients, flat.States[momentum], steps, factor, knobs);
    }
}
