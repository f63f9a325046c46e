using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

/// <summary>Where the sums go that a batch norm's backward pass begins with, and what they are made of besides the gradient.</summary>
/// <param name="X">real [.., C]: what batch norm took.</param>
/// <param name="Rectify">Whether it took max(x, 0).</param>
/// <param name="Mean">real [C].</param>
/// <param name="InvStd">real [C].</param>
/// <param name="DGamma">out: real [C].</param>
/// <param name="DBeta">out: real [C].</param>
/// <param name="Scratch">Working memory of <see cref="IKernels.BatchNormBackward"/>.</param>
internal readonly record struct NormSums(Tensor X, bool Rectify, Tensor Mean, Tensor InvStd, Tensor DGamma, Tensor DBeta, Tensor Scratch);

/// <summary>What a linear layer reads and writes, as <see cref="IKernels.LinearForward"/> has it; with a norm X is written.</summary>
internal readonly record struct LinearOperands(Tensor X, Tensor W, Tensor B, Tensor Y, AppliedNorm? Norm);

/// <summary>What the loss reads and writes, as <see cref="IKernels.SoftmaxCrossEntropy"/> has it, of logits that are at hand.</summary>
/// <param name="Labels">int32 [N].</param>
/// <param name="DLogits">out: real [N,classes]; null to skip.</param>
/// <param name="Loss">out: float64 [1].</param>
/// <param name="Metrics">float64 [3], added to.</param>
/// <param name="Counters">int64 [3], whose cursor moves too; null to leave them.</param>
/// <param name="Images">By how many.</param>
internal readonly record struct LossOperands(Tensor Labels, Tensor? DLogits, Tensor Loss, Tensor Metrics, Tensor? Counters, int Images);

/// <summary>
/// What a device may offer beside <see cref="IKernels"/>: the small operations between a network's last convolution and its loss, several
/// of them at once. It saves launches; the definition is the sequence of the single operations.
/// </summary>
internal interface IStepEndLinks
{
    /// <summary>Whether it does so as it was opened.</summary>
    bool LinksStepEnd { get; }

    /// <summary>Whether an average pool finds the statistics of a batch norm of its result [N,C].</summary>
    bool GivesPoolStatistics(Shape y);

    /// <summary><see cref="IKernels.AveragePool"/>, then <see cref="IBatchNormLinks.NormStatistics"/> of y.</summary>
    void AveragePool(Tensor x, Tensor y, in NormStatistics statistics);

    /// <summary>
    /// <see cref="IKernels.AveragePoolBackward"/> into the gradient of a unit's result, Dy, and DGamma and DBeta of that unit, which its
    /// own backward pass would begin with.
    /// </summary>
    void AveragePoolBackward(Tensor dy, BinaryUnitArguments unit);

    /// <summary>The same, where dy is found from a batch norm's gradient.</summary>
    void AveragePoolBackward(in NormGradient dy, BinaryUnitArguments unit);

    /// <summary>Whether both gradients of a linear layer are found at once.</summary>
    bool TakesLinearGradients(Shape x, Shape w);

    /// <summary>
    /// <see cref="IKernels.LinearWeightGrad"/> and <see cref="IKernels.LinearInputGrad"/>, and the sums of dx that a batch norm before them
    /// begins with, where there is one; dx is then written.
    /// </summary>
    void LinearGradients(Tensor dy, Tensor x, Tensor w, Tensor dw, Tensor db, Tensor dx, GradMode mode, in NormSums? norm);

    /// <summary><see cref="IKernels.SoftmaxCrossEntropy"/>, then <see cref="IKernels.Advance"/>.</summary>
    void Loss(Tensor logits, in LossOperands loss);

    /// <summary>Whether a linear layer and the loss are one operation.</summary>
    bool TakesLinearLoss(Shape x, Shape w);

    /// <summary>
    /// <see cref="IKernels.LinearForward"/>, after the second half of a batch norm into X if there is one, then the loss as above.
    /// </summary>
    void LinearLoss(in LinearOperands linear, in LossOperands loss);
}
