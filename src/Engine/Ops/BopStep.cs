using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// Bop on the weights of binary layers: each becomes its sign, turned over where the running mean of its gradient asks for it beyond a
/// threshold.
/// </summary>
/// <param name="parameters">What holds them.</param>
/// <param name="mean">Name of the optimiser's state that holds the means.</param>
/// <param name="knobs">real [3], see <see cref="IKernels.BopStep"/>.</param>
internal sealed class BopStep(ParameterSet parameters, string mean, Tensor knobs) : UpdateOp(parameters, ParameterShare.Binary)
{
    protected override void Update(IKernels kernels, FlatTensors flat) =>
        kernels.BopStep(flat.Values, flat.Gradients, flat.States[mean], knobs);
}
