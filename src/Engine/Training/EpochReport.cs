namespace ReSTE.Native.Training;

/// <summary>What a network made of some images.</summary>
/// <param name="Loss">Mean cross-entropy, natural logarithm.</param>
/// <param name="Top1">Images whose label has the highest score, in percent.</param>
/// <param name="Top5">Images whose label is among the five highest scores, in percent; 100 with five classes or fewer.</param>
public readonly record struct PassResult(double Loss, double Top1, double Top5)
{
    /// <summary>From sums over a number of images: of losses, top-1 hits, top-5 hits.</summary>
    internal static PassResult Of(double loss, double top1, double top5, int images) =>
        new(loss / images, 100 * top1 / images, 100 * top5 / images);
}

/// <summary>What one finished epoch gave; a row of the command's metrics.csv.</summary>
/// <param name="Epoch">From 0.</param>
/// <param name="LearningRate">The rate it was trained with.</param>
/// <param name="O">The estimator's o it was trained with, or the value 1 where the estimator has none.</param>
/// <param name="Train">Means over the training images, as seen (augmented) during training.</param>
/// <param name="Validation">Means after the epoch over the images held out to validate on, or else over the test images.</param>
/// <param name="EstimatingError">Estimating error after the last step; null unless asked for.</param>
/// <param name="GradientStability">Gradient variance of the last step; null unless asked for.</param>
/// <param name="Seconds">Wall time of training and evaluation, over all sittings of a resumed run.</param>
/// <param name="IsBest">Whether the top-1 of <paramref name="Validation"/> is higher than in every epoch before.</param>
public sealed record EpochReport(int Epoch, double LearningRate, double O, PassResult Train, PassResult Validation,
    double? EstimatingError, double? GradientStability, double Seconds, bool IsBest);
