using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

/// <summary>
/// The gradient of what a batch norm took, as <see cref="IKernels.BatchNormBackward"/> would write it, not stored but to be found again: of
/// the gradient of its result, once those of gamma and beta are there. Dy and X real [.., C], the others real [C].
/// </summary>
internal readonly record struct NormGradient(Tensor Dy, Tensor X, bool Rectify, Tensor? Gamma, Tensor Mean, Tensor InvStd, Tensor DGamma,
    Tensor DBeta);

/// <summary>
/// Where the statistics of a batch norm go that a convolution finds of its own result: mean and inv_std, both written, and the running
/// ones, moved, all real [C]; and working memory of <see cref="IKernels.BatchNormForward"/>.
/// </summary>
internal readonly record struct NormStatistics(bool Rectify, BatchNormSettings Settings, Tensor Mean, Tensor InvStd, Tensor RunningMean,
    Tensor RunningVariance, Tensor Scratch);

/// <summary>What the second half of a batch norm takes, which another op does in its place.</summary>
/// <param name="X">real [.., C]: what batch norm took.</param>
/// <param name="Rectify">Whether it takes max(x, 0).</param>
/// <param name="Gamma">real [C]; null for ones.</param>
/// <param name="Beta">real [C]; null for zeros.</param>
/// <param name="Mean">real [C].</param>
/// <param name="Deviation">real [C]: 1 / deviation, or, where there is an epsilon, the variance.</param>
/// <param name="EvaluationEpsilon">Null in training.</param>
internal readonly record struct AppliedNorm(Tensor X, bool Rectify, Tensor? Gamma, Tensor? Beta, Tensor Mean, Tensor Deviation,
    double? EvaluationEpsilon);

/// <summary>
/// All that the second half of a batch norm does: Y, that and the Shortcut, or null, both real [.., C]; Signs of it, bits [.., words], or
/// null.
/// </summary>
internal readonly record struct NormApplication(AppliedNorm Norm, Tensor? Shortcut, Tensor Y, Tensor? Signs);

/// <summary>
/// What a device may offer beside <see cref="IKernels"/>: work of the ops around a batch norm in its own passes, or its work in theirs. It
/// saves trips to memory and changes no bit.
/// </summary>
internal interface IBatchNormLinks
{
    /// <summary>Whether batch norm packs the signs of a result of this shape.</summary>
    bool PacksNormSigns(Shape y);

    /// <summary>The first half of <see cref="IKernels.BatchNormForward"/>: the statistics.</summary>
    void NormStatistics(Tensor x, in NormStatistics statistics);

    /// <summary>The second half: y from the statistics, and its signs.</summary>
    void NormApply(in NormApplication norm);

    /// <summary>The second half of <see cref="IKernels.BatchNormBackward"/>, once the gradients of gamma and beta are there.</summary>
    void NormInputGrad(in NormGradient dy, Tensor dx, GradMode mode);

    /// <summary>Whether a convolution finds the statistics of its result on the way.</summary>
    bool GivesNormStatistics(in ConvGeometry g);

    /// <summary><see cref="IKernels.ConvForward"/>, then <see cref="NormStatistics"/> of y.</summary>
    void ConvForward(Tensor x, Tensor w, in ConvGeometry g, Tensor y, in NormStatistics statistics, Tensor? scratch);

    /// <summary>Whether the weight gradient of a convolution can start from a batch norm's gradient.</summary>
    bool TakesNormGradient(in ConvGeometry g);

    /// <summary>As <see cref="IKernels.ConvWeightGrad"/>, with the same working memory.</summary>
    void ConvWeightGrad(in NormGradient dy, Tensor x, in ConvGeometry g, Tensor dw, GradMode mode, Tensor? scratch);
}
