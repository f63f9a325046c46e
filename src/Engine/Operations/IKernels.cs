using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

/// <summary>
/// Every operation a device performs. The reference device's plain loops in double are their definition; the other devices are compared with it.
/// Shapes are checked when a tape is recorded, not here. <c>real</c> is the device's real type. Reductions have a fixed order: the same
/// input gives the same bits, with any number of threads. Outputs are written whole unless a <see cref="GradMode"/> says otherwise.
/// </summary>
internal interface IKernels
{
    /// <summary>Bytes of working memory a convolution, or a unit around one, wants for a geometry; 0 for none. Its scratch argument is then null.</summary>
    long ScratchBytes(ScratchUse use, in ConvGeometry g);

    /// <summary>Bytes of working memory a reduction wants for an input [.., C]; 0 for none. Its scratch argument is then null.</summary>
    long ScratchBytes(ScratchUse use, Shape x);

    /// <summary>
    /// The next batch: image r of the batch is number order[cursor + r]; x = byte * scale[c] + shift[c]. With padding p &gt; 0 the image is
    /// read through a p-wide border of zero bytes at an offset drawn from [0, 2p], and with flip mirrored by chance, both from Philox(seed, Augmentation, epoch, number).
    /// </summary>
    /// <param name="images">uint8 [M,H,W,C].</param>
    /// <param name="labels">int32 [M].</param>
    /// <param name="order">int32 [M]: the epoch's permutation.</param>
    /// <param name="counters">int64 [3], see <see cref="Counters"/>.</param>
    /// <param name="normalisation">real [2,C]: scale, shift.</param>
    /// <param name="padding">Crop padding in pixels.</param>
    /// <param name="flip">Whether to mirror at random.</param>
    /// <param name="x">out: real [N,H,W,C].</param>
    /// <param name="y">out: int32 [N].</param>
    void ImageBatch(Tensor images, Tensor labels, Tensor order, Tensor counters, Tensor normalisation, int padding, bool flip, Tensor x, Tensor y);

    /// <summary>counters.cursor += count.</summary>
    void Advance(Tensor counters, int count);

    /// <summary>bits = x &lt; 0, packed along the last axis as <see cref="Bits"/> says. x real [.., C], bits [.., words].</summary>
    void SignPack(Tensor x, Tensor bits);

    /// <summary>Packs the signs of w real [O,K,K,I] and takes the layer's scale, scale[0] = mean |w|.</summary>
    void BinarizeWeights(Tensor w, Tensor bits, Tensor scale);

    /// <summary>
    /// y = scale * n with n = sum over valid taps of sign(x) sign(w) = K_valid - 2 popcount(x xor w), an exact integer; taps in the zero padding do not count.
    /// </summary>
    void BinaryConvForward(Tensor xBits, Tensor wBits, Tensor scale, in ConvGeometry g, Tensor y, Tensor? scratch);

    /// <summary>y = scale * (x convolved with sign(w)) for real x.</summary>
    void SignConvForward(Tensor x, Tensor wBits, Tensor scale, in ConvGeometry g, Tensor y, Tensor? scratch);

    /// <summary>dx = h(x) * scale * (dy convolved with sign(w), transposed), h the slope read from knobs at the activation slot.</summary>
    void BinaryConvInputGrad(Tensor dy, Tensor wBits, Tensor scale, Tensor x, SlopeKind slope, Tensor knobs, in ConvGeometry g,
        Tensor dx, GradMode mode, Tensor? scratch);

    /// <summary>dŵ[o,a,b,i] = sum over n and valid output pixels of dy[n,p,q,o] * sign(x[n, p s + a - pad, q s + b - pad, i]); dŵ real [O,K,K,I].</summary>
    void BinaryConvWeightGrad(Tensor dy, Tensor xBits, in ConvGeometry g, Tensor dw, Tensor? scratch);

    /// <summary>
    /// From dŵ, the gradient of scale * sign(w), to that of the latent weights, through slope and attached scale:
    /// dw = scale * dŵ * h(w) + sign(w) * sum(dŵ * sign(w)) / count, h read from knobs at the weight slot. All real [O,K,K,I].
    /// </summary>
    void BinarizeWeightsBackward(Tensor w, Tensor dwHat, Tensor scale, SlopeKind slope, Tensor knobs, Tensor dw, GradMode mode);

    /// <summary>y = x convolved with w.</summary>
    void ConvForward(Tensor x, Tensor w, in ConvGeometry g, Tensor y, Tensor? scratch);

    /// <summary>dx = dy convolved with w, transposed.</summary>
    void ConvInputGrad(Tensor dy, Tensor w, in ConvGeometry g, Tensor dx, GradMode mode, Tensor? scratch);

    /// <summary>dw[o,a,b,i] = sum over n and output pixels of dy * x at the tap, zero in the padding.</summary>
    void ConvWeightGrad(Tensor dy, Tensor x, in ConvGeometry g, Tensor dw, GradMode mode, Tensor? scratch);

    /// <summary>
    /// Training-mode batch norm over all axes but the last: z = rectify ? max(x, 0) : x; y = gamma (z - mean) invStd + beta [+ shortcut],
    /// invStd = 1 / sqrt(variance + 1e-5) with the biased variance; running = 0.9 running + 0.1 statistic, the variance unbiased.
    /// x, y, shortcut real [.., C]; all others real [C]; mean and invStd are outputs kept for the way back.
    /// </summary>
    void BatchNormForward(Tensor x, bool rectify, Tensor gamma, Tensor beta, Tensor? shortcut, Tensor runningMean, Tensor runningVariance,
        Tensor mean, Tensor invStd, Tensor y, Tensor? scratch);

    /// <summary>Evaluation-mode batch norm: the same with the running statistics, which stay as they are.</summary>
    void BatchNormEvaluate(Tensor x, bool rectify, Tensor gamma, Tensor beta, Tensor? shortcut, Tensor runningMean, Tensor runningVariance, Tensor y);

    /// <summary>
    /// Gradients of <see cref="BatchNormForward"/>: with xhat = (z - mean) invStd and R rows, dbeta = sum dy, dgamma = sum dy xhat,
    /// dz = gamma invStd (dy - dbeta / R - xhat dgamma / R), dx = dz where x &gt; 0 or rectify is false, else 0; dx is null where nobody needs it.
    /// </summary>
    void BatchNormBackward(Tensor dy, Tensor x, bool rectify, Tensor gamma, Tensor mean, Tensor invStd, Tensor dgamma, Tensor dbeta,
        Tensor? dx, GradMode mode, Tensor? scratch);

    /// <summary>y = max(x, 0).</summary>
    void Relu(Tensor x, Tensor y);

    /// <summary>dx = dy where y &gt; 0, else 0: zero blocks the gradient.</summary>
    void ReluBackward(Tensor dy, Tensor y, Tensor dx, GradMode mode);

    /// <summary>y = a + b.</summary>
    void Add(Tensor a, Tensor b, Tensor y);

    /// <summary>dx = dy, or dx += dy.</summary>
    void Accumulate(Tensor dy, Tensor dx, GradMode mode);

    /// <summary>Option A shortcut: y[n,p,q,c + offset] = x[n,2p,2q,c], zero in the other channels; offset = (channels of y - channels of x) / 2.</summary>
    void ShortcutPad(Tensor x, Tensor y);

    /// <summary>The gradient of <see cref="ShortcutPad"/>: zero at odd rows and columns.</summary>
    void ShortcutPadBackward(Tensor dy, Tensor dx, GradMode mode);

    /// <summary>y[n,c] = mean of x[n,:,:,c].</summary>
    void AveragePool(Tensor x, Tensor y);

    /// <summary>dx[n,p,q,c] = dy[n,c] / (H W).</summary>
    void AveragePoolBackward(Tensor dy, Tensor dx, GradMode mode);

    /// <summary>y = x wᵀ + b: x real [N,I], w real [O,I], b real [O], y real [N,O].</summary>
    void LinearForward(Tensor x, Tensor w, Tensor b, Tensor y);

    /// <summary>dx = dy w.</summary>
    void LinearInputGrad(Tensor dy, Tensor w, Tensor dx, GradMode mode);

    /// <summary>dw = dyᵀ x, db = sum over rows of dy.</summary>
    void LinearWeightGrad(Tensor dy, Tensor x, Tensor dw, Tensor db);

    /// <summary>
    /// Mean cross-entropy of softmax(logits) and its gradient dlogits = (softmax - onehot) / N (null to skip). metrics += (sum of losses, top-1 hits, top-5 hits),
    /// a hit when fewer than k logits rank above the label's: greater, or equal at a lower index; a row with a NaN is a miss. loss[0] = mean. logits real [N,classes], labels int32 [N],
    /// loss float64 [1], metrics float64 [3].
    /// </summary>
    void SoftmaxCrossEntropy(Tensor logits, Tensor labels, Tensor? dlogits, Tensor loss, Tensor metrics);

    /// <summary>One step of SGD on all parameters at once: g = dw + decay w; momentum = mu momentum + g; w -= lr momentum. All real [count].</summary>
    void SgdStep(Tensor w, Tensor dw, Tensor momentum, Tensor knobs);

    /// <summary>result[slot] = || f(w) - sign(w) ||_2 with f(w) = sign(w) |w|^(1/o), sign(0) = 0 here, o from knobs. result float64.</summary>
    void EstimatingError(Tensor w, Tensor knobs, Tensor result, int slot);

    /// <summary>result[slot] = unbiased variance of |dw|. result float64.</summary>
    void GradientVariance(Tensor dw, Tensor result, int slot);
}
