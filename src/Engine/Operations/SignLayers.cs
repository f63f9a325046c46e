using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

/// <summary>
/// What a device may offer beside <see cref="IKernels"/>: the binary weights of all layers at once. Each layer's are what
/// <see cref="IKernels.BinarizeWeights"/> and <see cref="IKernels.BinarizeWeightsBackward"/> make of it.
/// </summary>
internal interface ISignLayers
{
    /// <summary>Whether it does so as it was opened.</summary>
    bool TakesLayersTogether { get; }

    /// <summary>The signs of every layer, and the scale of those that have one.</summary>
    void BinarizeWeights(IReadOnlyList<SignLayer> layers);

    /// <summary>
    /// The gradients of every layer that has one. Where DSigns are slices, they are added up; what they are afterwards is not said. Slices
    /// of real layers' gradients are added up beside them.
    /// </summary>
    void BinarizeWeightsBackward(IReadOnlyList<SignLayer> layers, IReadOnlyList<SlicedGradient> others, bool attached, SlopeKind slope,
        Tensor slopeParameters);

    /// <summary>Whether as many layers, real ones among them, can be stepped along, as follows.</summary>
    bool StepsLayers(int layers);

    /// <summary>
    /// What <see cref="BinarizeWeightsBackward"/> begins with: sums, and what layers have in common. <see cref="SignLayersSgdStep"/> does
    /// the rest, right after it.
    /// </summary>
    void SumWeightGradients(IReadOnlyList<SignLayer> layers, IReadOnlyList<SlicedGradient> others, bool attached);

    /// <summary>
    /// The gradients of every layer, which are written, then <see cref="IKernels.SgdStep"/> of all parameters: their first
    /// <paramref name="binary"/> are those of the layers.
    /// </summary>
    void SignLayersSgdStep(IReadOnlyList<SignLayer> layers, bool attached, SlopeKind slope, Tensor slopeParameters, Tensor w, Tensor dw,
        Tensor momentum, Tensor knobs, int binary);

    /// <summary><see cref="IKernels.ConvWeightGrad"/>, but its sums stay in the working memory: reals [slices,O,K,K,I].</summary>
    void ConvWeightGrad(Tensor dy, Tensor x, in ConvGeometry g, Tensor slices);

    /// <summary>The same, where dy is found from a batch norm's gradient, as <see cref="IBatchNormLinks"/> has it.</summary>
    void ConvWeightGrad(in NormGradient dy, Tensor x, in ConvGeometry g, Tensor slices);
}

/// <summary>The gradient of real weights as its convolution leaves it, to be written as the sum of its slices.</summary>
/// <param name="Slices">Memory of reals, as many for each slice as there are weights.</param>
/// <param name="Dw">out: real [O,K,K,I].</param>
internal readonly record struct SlicedGradient(Tensor Slices, Tensor Dw)
{
    /// <summary>How many there are.</summary>
    public int Count => (int)(Slices.Bytes / Dw.Bytes);
}

/// <summary>The binary weights of one layer; gradients are known once the tape is sealed.</summary>
internal sealed class SignLayer
{
    /// <summary>real [O,K,K,I]: the latent weights.</summary>
    public required Tensor W { get; init; }

    /// <summary>out: bits [O,K,K,words]: their signs.</summary>
    public required Tensor Signs { get; init; }

    /// <summary>out: real [1]: their scale, mean |w|; null for 1.</summary>
    public required Tensor? Scale { get; init; }

    /// <summary>
    /// real [O,K,K,I], or [slices,O,K,K,I] whose sum it is: the gradient of scale * sign(w); null where nobody gives one.
    /// </summary>
    public Tensor? DSigns { get; set; }

    /// <summary>out: real [O,K,K,I]; null as <see cref="DSigns"/>.</summary>
    public Tensor? Dw { get; set; }

    /// <summary>How Dw is to be treated.</summary>
    public GradMode Mode { get; set; }

    /// <summary>How many slices DSigns has.</summary>
    public int Slices => (int)(DSigns!.Shape.Count / W.Shape.Count);
}
