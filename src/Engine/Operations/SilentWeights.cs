using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// OvSW's care for weights that never change their sign (Xiang et al., ECCV 2024, published code), after the backward pass. With G and
    /// W the norms of a filter's gradient, at least 1e-6, and of its weights, at least 1e-3: where G / W &lt; delta, dw *= delta W / G.
    /// Then tracker = m tracker + (1 - m) flip, flip 1 where sign(w) is not sign(previous) and previous is not 0, which means that it
    /// is not yet known; dw += decay w where the tracker is below the threshold; previous = w.
    /// w, dw, tracker, previous real [O, ..]; knobs real [5]: delta, decay, m, 1 - m, threshold.
    /// </summary>
    void SilentWeights(Tensor w, Tensor dw, Tensor tracker, Tensor previous, Tensor knobs);
}
