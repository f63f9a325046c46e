using System.Globalization;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The lines of the published trainer's log, which people search by their words. Numbers read the same under any locale.</summary>
internal static class LogLines
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>Epochs count from 0 here, from 1 in the summaries, as published. Data is the time for which a step waited for it.</summary>
    public static string Step(in StepReport report, in PassMeter pass)
    {
        var (batch, average) = (report.Batch, report.Average);
        var phase = report.Phase == Phase.Training ? "TRAINING" : "EVALUATING";
        return string.Create(Invariant, $"{phase} - Epoch: [{report.Epoch}][{report.Step}/{report.Steps}]\t" +
            $"Time {report.StepSeconds:F3} ({pass.SecondsPerStep:F3})\tData {report.DataSeconds:F3} ({pass.DataSecondsPerStep:F3})\t" +
            $"loss {batch.Loss:F4} ({average.Loss:F4})\t" +
            $"Prec@1 {batch.Top1:F3} ({average.Top1:F3})\tPrec@5 {batch.Top5:F3} ({average.Top5:F3})");
    }

    /// <summary>The first line of an epoch.</summary>
    public static string Rate(double rate) => $"lr: {Numbers.Python(rate)}";

    /// <summary>The second one.</summary>
    public static string Exponent(double o) => $"o is {Numbers.Python(o)},  o_a is {Numbers.Python(o)}";

    public static string Epoch(EpochReport report) =>
        string.Create(Invariant, $"\n Epoch: {report.Epoch + 1}\nTraining loss {report.Train.Loss:F4} \t" +
            $"Training Prec@1 {report.Train.Top1:F3} \tTraining Prec@5 {report.Train.Top5:F3} \n") + Validation(report.Validation);

    public static string Validation(PassResult result) =>
        string.Create(Invariant, $"Validation loss {result.Loss:F4} \tValidation Prec@1 {result.Top1:F3} \t" +
            $"Validation Prec@5 {result.Top5:F3} \n");

    public static string Indicators(double estimatingError, double stability) =>
        string.Create(Invariant, $"Estimating_Error {estimatingError:F3} \tGradient Stability {stability:F8} \n");

    public static string MeanIndicators(double estimatingError, double stability) =>
        string.Create(Invariant, $"\n Mean Estimating_Error: {estimatingError:F4} \tTotal stability_var: {Numbers.Python(stability)} \n");

    /// <summary>What comes before the results of a run that is done.</summary>
    public static string Done { get; } = new string('*', 50) + "DONE" + new string('*', 50);

    public static string Best(int epoch, double top1, double loss) =>
        string.Create(Invariant, $"Best_Epoch: {epoch + 1}\tBest_Prec1 {top1:F4} \tBest_Loss {loss:F3} \t");

    /// <summary>Where the rows have no such epoch, and with it no loss.</summary>
    public static string BestWithoutRow(int epoch, double top1) =>
        string.Create(Invariant, $"Best_Epoch: {epoch + 1}\tBest_Prec1 {top1:F4} \t");

    /// <summary>Where the program that began the run had the best one.</summary>
    public static string BestBefore(double top1) =>
        string.Create(Invariant, $"best before this program went on with the run: Prec1 {top1:F4}, which no epoch since has surpassed");

    public static string Last(int epoch, double top1, double loss) =>
        string.Create(Invariant, $"Last_Epoch: {epoch + 1}\tLast_Prec1 {top1:F4} \tLast_Loss {loss:F3} \t");

    /// <summary>Which weights saw the test images, of which epoch, and what they made of them.</summary>
    public static string Test(string weights, int epoch, PassResult result) =>
        string.Create(Invariant, $"{TestOf(weights, epoch)} loss {result.Loss:F4} \tPrec@1 {result.Top1:F3} \tPrec@5 {result.Top5:F3}");

    /// <summary>How <see cref="Test"/> begins.</summary>
    public static string TestOf(string weights, int epoch) => $"test images with the {weights} weights (epoch {Numbers.Text(epoch + 1)}):";

    public static string Estimate(double epochSeconds, int epochsLeft, DateTime now)
    {
        var cost = TimeSpan.FromSeconds(epochSeconds);
        var form = cost.TotalHours >= 1 ? @"h\:mm\:ss" : @"mm\:ss";
        var days = cost.Days > 0 ? $"{Plural.Of(cost.Days, "day")}, " : "";
        return string.Create(Invariant, $"Time cost: {days}{cost.ToString(form, Invariant)}\t" +
            $"Time of Finish: {now.AddSeconds(epochSeconds * epochsLeft):yyyy-MM-dd HH:mm:ss}");
    }

    /// <summary>One line an epoch for people who watch; the speed is left out where no training step was seen.</summary>
    public static string Short(EpochReport report, int epochs, double imagesPerSecond) =>
        string.Create(Invariant, $"epoch {report.Epoch + 1}/{epochs}: lr {report.LearningRate:F4}, o {report.O:F3}, " +
            $"training loss {report.Train.Loss:F4} Prec@1 {report.Train.Top1:F2}, " +
            $"validation loss {report.Validation.Loss:F4} Prec@1 {report.Validation.Top1:F2} " +
            $"Prec@5 {report.Validation.Top5:F2}, {report.Seconds:F1} s") +
        (imagesPerSecond > 0 ? $", {Numbers.Fixed(imagesPerSecond, 0)} images/s" : "") + (report.IsBest ? ", best so far" : "") +
        (report.Epoch + 1 < epochs ? $", {Duration.Text(TimeSpan.FromSeconds(report.Seconds * (epochs - report.Epoch - 1)))} left" : "");
}
