using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// Counts a step of Adam: t = steps += 1, and what corrects the means of t steps, corrections = (rate / (1 - b1^t), sqrt(1 - b2^t)),
    /// in double: single precision would lose 1 - b2^t in its first steps. steps real [1], corrections real [2]; knobs real [6]: rate,
    /// 1 - b1, 1 - b2, epsilon, decay, keep. In float32 steps stop at 2^24, where the corrections have long been those of any later step.
    /// </summary>
    void AdamCorrections(Tensor steps, Tensor knobs, Tensor corrections);

    /// <summary>
    /// One step of Adam (Kingma and Ba, arXiv 1412.6980) on a share of the parameters: g = dw + decay w; mean = b1 mean + (1 - b1) g;
    /// square = b2 square + (1 - b2) g^2; w = keep w - corrections[0] mean / (sqrt(square) / corrections[1] + epsilon). Where the decay is
    /// decoupled (AdamW, arXiv 1711.05101) decay is 0 and keep 1 - rate times it, else keep is 1. w, dw, mean and square real [count];
    /// corrections and knobs as in <see cref="AdamCorrections"/>.
    /// </summary>
    void AdamStep(Tensor w, Tensor dw, Tensor mean, Tensor square, Tensor corrections, Tensor knobs);
}
