using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// One step of AdaSTE's optimiser: g = gain f(theta, dw) dw + decay theta; momentum = mu momentum + (1 - mu) g;
    /// theta -= rate momentum / (1 - mu^steps), with f as <see cref="AdaSteNumbers.Factor"/> has it.
    /// </summary>
    /// <param name="theta">real [count], latent weights.</param>
    /// <param name="dw">real [count], the loss's gradient where the latent weights are mapped to.</param>
    /// <param name="momentum">real [count].</param>
    /// <param name="steps">real [1]: steps done, this one counted.</param>
    /// <param name="factor">real [<see cref="AdaSteNumbers.Count"/>]: the numbers of f.</param>
    /// <param name="knobs">real [5]: rate, mu, 1 - mu, decay, gain.</param>
    void AdaSteStep(Tensor theta, Tensor dw, Tensor momentum, Tensor steps, Tensor factor, Tensor knobs);
}
