using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// One step of SGD on all parameters at once: g = dw + decay w; momentum = mu momentum + g; w -= rate momentum. All real [count];
    /// knobs real [3]: rate, mu, decay.
    /// </summary>
    void SgdStep(Tensor w, Tensor dw, Tensor momentum, Tensor knobs);
}
