using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

/// <summary>
/// The gradient of what a batch norm took, as <see cref="IKernels.BatchNormBackward"/> would write it, not stored but to be found again: of
/// the gradient of its result, once those of gamma and beta are there. Dy and X real [.., C], the others real [C].
/// </summary>
internal readonly record struct NormGradient(Tensor Dy, Tensor X, bool Rectify, Tensor? Gamma, Tensor Mean, Tensor InvStd, Tensor DGamma,
    Tensor DBeta);

/// <summary>
/// What a device may offer beside <see cref="IKernels"/>: work of the ops around a batch norm in its own passes, or its work in theirs. It
/// saves trips to memory and changes no bit.
/// </summary>
internal interface IBatchNormLinks
{
    /// <summary>Whether batch norm packs the signs of a result of this shape.</summary>
    bool PacksNormSigns(Shape y);

    /// <summary><see cref="IKernels.BatchNormForward"/>, then SignPack of y into signs.</summary>
    void BatchNormForward(Tensor x, bool rectify, Tensor? gamma, Tensor? beta, Tensor? shortcut, Tensor runningMean, Tensor runningVariance,
        in BatchNormSettings settings, Tensor mean, Tensor invStd, Tensor y, Tensor signs, Tensor? scratch);

    /// <summary><see cref="IKernels.BatchNormEvaluate"/>, then SignPack of y into signs.</summary>
    void BatchNormEvaluate(Tensor x, bool rectify, Tensor? gamma, Tensor? beta, Tensor? shortcut, Tensor runningMean,
        Tensor runningVariance, in BatchNormSettings settings, Tensor y, Tensor signs);

    /// <summary>Whether the weight gradient of a convolution can start from a batch norm's gradient.</summary>
    bool TakesNormGradient(in ConvGeometry g);

    /// <summary>As <see cref="IKernels.ConvWeightGrad"/>, with the same working memory.</summary>
    void ConvWeightGrad(in NormGradient dy, Tensor x, in ConvGeometry g, Tensor dw, GradMode mode, Tensor? scratch);
}
