using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

internal partial interface IKernels
{
    /// <summary>
    /// Training-mode batch norm over all axes but the last: z = rectify ? max(x, 0) : x; y = gamma (z - mean) invStd + beta [+ shortcut],
    /// invStd = 1 / sqrt(variance + epsilon) with the biased variance; running = (1 - momentum) running + momentum statistic, the
    /// variance unbiased. x, y, shortcut real [.., C]; all others real [C]; gamma null stands for ones, beta null for zeros; mean
    /// and invStd are outputs kept for the backward pass.
    /// </summary>
    void BatchNormForward(Tensor x, bool rectify, Tensor? gamma, Tensor? beta, Tensor? shortcut, Tensor runningMean, Tensor runningVariance,
        in BatchNormSettings settings, Tensor mean, Tensor invStd, Tensor y, Tensor? scratch);

    /// <summary>Evaluation-mode batch norm: the same with the running statistics, which stay as they are.</summary>
    void BatchNormEvaluate(Tensor x, bool rectify, Tensor? gamma, Tensor? beta, Tensor? shortcut, Tensor runningMean,
        Tensor runningVariance, in BatchNormSettings settings, Tensor y);

    /// <summary>
    /// Gradients of <see cref="BatchNormForward"/>: with xhat = (z - mean) invStd and R rows, dbeta = sum dy, dgamma = sum dy xhat,
    /// dz = gamma invStd (dy - dbeta / R - xhat dgamma / R), dx = dz where x &gt; 0 or rectify is false, else 0; dx is null where
    /// nobody needs it. dgamma and dbeta are written even where gamma is null.
    /// </summary>
    void BatchNormBackward(Tensor dy, Tensor x, bool rectify, Tensor? gamma, Tensor mean, Tensor invStd, Tensor dgamma, Tensor dbeta,
        Tensor? dx, GradMode mode, Tensor? scratch);
}
