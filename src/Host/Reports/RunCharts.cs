using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>A number that a run has of every epoch.</summary>
/// <param name="Id">Its name in a page.</param>
/// <param name="Title">What it is.</param>
/// <param name="Unit">The title of its axis.</param>
/// <param name="Of">The number; null where it was not measured.</param>
internal sealed record RunNumber(string Id, string Title, string Unit, Func<EpochReport, double?> Of)
{
    /// <summary>Whether it may go over several powers of ten.</summary>
    public bool MayBeLog { get; init; }

    public static readonly RunNumber
        TrainLoss = new("train-loss", "Training loss", "cross-entropy, nats", epoch => epoch.Train.Loss),
        ValidationLoss = new("val-loss", "Validation loss", "cross-entropy, nats", epoch => epoch.Validation.Loss),
        TrainTop1 = new("train-top1", "Training accuracy", "top-1, %", epoch => epoch.Train.Top1),
        ValidationTop1 = new("val-top1", "Validation accuracy", "top-1, %", epoch => epoch.Validation.Top1),
        Rate = new("lr", "Learning rate", "lr", epoch => epoch.LearningRate),
        O = new("o", "Exponent o of the estimator", "o", epoch => epoch.O),
        Error = new("error", "Estimating error", "sum over layers", epoch => epoch.EstimatingError) { MayBeLog = true },
        Stability = new("stability", "Gradient stability", "sum over layers", epoch => epoch.GradientStability)
        {
            MayBeLog = true,
        },
        Seconds = new("seconds", "Seconds per epoch", "s", epoch => epoch.Seconds);

    public Curve Curve(RunData run, string name, string style) => new(name, style,
        [.. run.Epochs.Where(epoch => Of(epoch) is not null).Select(epoch => (epoch.Epoch, Of(epoch)!.Value))]);
}

/// <summary>The curves of one run.</summary>
internal static class RunCharts
{
    private const string Training = "s0 d", Validation = "s1";

    public static void AddCurves(RunData run, ReportHtml page)
    {
        Pair("loss", "Loss", RunNumber.TrainLoss, RunNumber.ValidationLoss).AddTo(page);
        var accuracy = Pair("top1", "Accuracy", RunNumber.TrainTop1, RunNumber.ValidationTop1);
        (run.Best is { } best ? accuracy with
        {
            Dots = [(best.Epoch, best.Validation.Top1, Validation)],
            Note = $"Dot: best epoch, {Numbers.Text(best.Epoch + 1)}.",
        } : accuracy).AddTo(page);
        foreach (var number in (RunNumber[])[RunNumber.Rate, RunNumber.O, RunNumber.Error, RunNumber.Stability])
            Single(run, number).AddTo(page);

        CurveChart Pair(string id, string title, RunNumber training, RunNumber validation) => new(id, title, training.Unit,
            [training.Curve(run, "training", Training), validation.Curve(run, "validation", Validation)]);
    }

    public static void AddTimings(RunData run, ReportHtml page)
    {
        Single(run, RunNumber.Seconds).AddTo(page);
        new CurveChart("speed", "Training speed", "images a second", [new("images a second", Validation, run.Speeds)])
        {
            HasNoLegend = true,
        }.AddTo(page);
    }

    private static CurveChart Single(RunData run, RunNumber number) =>
        new(number.Id, number.Title, number.Unit, [number.Curve(run, number.Unit, Validation)])
        {
            MayBeLog = number.MayBeLog,
            HasNoLegend = true,
        };
}
