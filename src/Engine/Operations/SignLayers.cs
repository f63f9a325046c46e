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
    /// The gradients of every layer that has one. Where DSigns are slices, they are added up; what they are afterwards is not said.
    /// </summary>
    void BinarizeWeightsBackward(IReadOnlyList<SignLayer> layers, bool attached, SlopeKind slope, Tensor slopeParameters);
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
