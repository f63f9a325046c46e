using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// One step of Bop (Helwegen et al., NeurIPS 2019, arXiv 1906.02107): mean = kept mean + gamma dw; s = sign(w), +1 at 0; w = -s where
    /// s mean &gt; threshold, else s. All real [count]; knobs real [3]: kept = 1 - gamma, gamma, threshold.
    /// </summary>
    void BopStep(Tensor w, Tensor dw, Tensor mean, Tensor knobs);
}
