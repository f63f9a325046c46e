using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// Packs the signs of w real [O,K,K,I] and takes their scale, the mean of |w|: over the whole layer where scale is real [1],
    /// over each filter where it is [O]; null for none.
    /// </summary>
    void BinarizeWeights(Tensor w, Tensor bits, Tensor? scale);

    /// <summary>The scale alone: the mean of |w| over the layer where scale is real [1], over each filter where it is [O].</summary>
    void MeanMagnitude(Tensor w, Tensor scale);

    /// <summary>
    /// scale = 2^round(log2(scale)), in place: IR-Net's scale by a shift (Qin et al., CVPR 2020). scale real [count], positive and normal;
    /// what is 0 stays.
    /// </summary>
    void PowerOfTwo(Tensor scale);

    /// <summary>
    /// From dŵ, the gradient of scale * sign(w), to that of the latent weights, through the slope and, where it is attached, the scale:
    /// dw = scale * dŵ * h(w) + sign(w) * sum(dŵ * sign(w)) / count, the sum and the count over all weights that share a scale;
    /// detached without the second term, without a scale dw = dŵ * h(w). dŵ and dw real [O,K,K,I], slopeParameters real [4].
    /// Where the signs that multiplied were not those of w but <paramref name="drawn"/>, bits [O,K,K,words], the sum is that of
    /// dŵ * drawn.
    /// </summary>
    void BinarizeWeightsBackward(Tensor w, Tensor dwHat, Tensor? scale, bool attached, SlopeKind slope, Tensor slopeParameters,
        Tensor dw, GradMode mode, Tensor? drawn = null);
}
