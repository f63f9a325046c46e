using System.Globalization;

namespace ReSTE.Native.Host;

/// <summary>report.html: one run, as far as it has come.</summary>
internal sealed class RunPage(RunData run, DateTime now)
{
    private static readonly string[]
        s_data = ["dataset", "data_path", "limit_train", "limit_test", "val_split", "normalise"],
        s_machine = ["device", "gpus", "threads", "workers", "device_name", "processor", "runtime", "system", "version"];

    // A time is shown in hours and minutes from the one to the other; files that somebody has written to may have any.
    private const double ReadInSeconds = 120, MostSeconds = 1e9;

    /// <summary>Settings that decide no number.</summary>
    public static IReadOnlyList<string> OfFiles { get; } = ["results_dir", "save", "resume", "evaluate", "config", "print_freq",
        "time_estimate", "progress", "tensorboard", "ts_type"];

    public string Text()
    {
        var page = new ReportHtml($"{Subject(run)} ({run.Name})", [run.Key]);
        page.Raw("<header>\n").Paragraph("a run of reste", "kind").Raw("<h1>").Text(Subject(run)).Raw("</h1>\n<p class=\"lead\">")
            .Text(StateText(run)).Raw($" <time>· written {Time(now)}</time></p>\n");
        if (run.Headline.Length > 0)
            page.Paragraph(char.ToUpperInvariant(run.Headline[0]) + run.Headline[1..] + ".", "note");
        AddFigures(page);
        page.Raw("</header>\n<main>\n");
        if (run.Epochs.Count > 0)
            page.Section("curves", "Curves", () => AddCurves(page));
        if (run.Layers.Count > 0)
            page.Section("layers", "Binary layers", () => new LayerTable(run).AddTo(page));
        page.Section("settings", "Settings", () => AddSettings(page));
        page.Section("timings", "Timings", () => AddTimings(page));
        return page.Raw("</main>\n").Close();
    }

    /// <summary>Network and data.</summary>
    public static string Subject(RunData run) =>
        run.Arguments["model"] is { Length: > 0 } model ? $"{model} on {run.Arguments["dataset"]}" : run.Name;

    public static string StateText(RunData run)
    {
        var done = run.Last is { } last ? last.Epoch + 1 : 0;
        var all = run.Arguments.Epochs is { } epochs ? $" of {Numbers.Text(epochs)}" : "";
        return run.State switch
        {
            RunState.Done => $"done: {Plural.Of(done, "epoch")}",
            RunState.Stopped => $"stopped after epoch {Numbers.Text(done)}{all}",
            _ when run.IsWhole => $"{Plural.Of(done, "epoch")} done, the test images follow",
            _ => $"running: epoch {Numbers.Text(done + 1)}{all}",
        };
    }

    private void AddFigures(ReportHtml page)
    {
        if (run is not { Best: { } best, Last: { } last })
        {
            page.Paragraph("No epoch is done yet.");
            return;
        }
        page.Raw("<dl class=\"figures\">\n");
        Figure("best top-1", Numbers.Fixed(best.Validation.Top1, 2) + " %", $"epoch {Numbers.Text(best.Epoch + 1)}");
        Figure("last top-1", Numbers.Fixed(last.Validation.Top1, 2) + " %", $"epoch {Numbers.Text(last.Epoch + 1)}");
        Figure("last top-5", Numbers.Fixed(last.Validation.Top5, 2) + " %", $"epoch {Numbers.Text(last.Epoch + 1)}");
        Figure("last loss", Numbers.Fixed(last.Validation.Loss, 4), $"training {Numbers.Fixed(last.Train.Loss, 4)}");
        page.Raw("</dl>\n").Paragraph(run.Arguments.HoldsOut
            ? "Of the images held out of training, on which the best epoch is chosen."
            : "Of the test images. The best epoch is chosen on the images it is shown with: the last one is what can be quoted.", "note");
        foreach (var test in run.Tests)
            page.Paragraph(test);

        void Figure(string name, string value, string beside) =>
            page.Raw($"<div><dt>{name}</dt><dd>{value} <small>{beside}</small></dd></div>\n");
    }

    private void AddCurves(ReportHtml page)
    {
        page.Grid(() => RunCharts.AddCurves(run, page));
        page.Paragraph("Training: means over an epoch’s images as they were seen, augmented, while the weights moved. Validation: after " +
            $"the epoch, on the {(run.Arguments.HoldsOut ? "images held out" : "test images")}. Epochs are counted from 1 here, " +
            "from 0 in metrics.csv." + (run.Epochs.Any(epoch => epoch.EstimatingError is not null) ? ""
                : " With --cal_ind a run measures estimating error and gradient stability, too."), "note");
    }

    private void AddSettings(ReportHtml page)
    {
        if (run.Arguments.Settings.Count == 0)
        {
            page.Paragraph("The folder has no argument.txt to name them.");
            return;
        }
        string[] known = [.. s_data, .. s_machine, .. OfFiles];
        page.Grid(() => page
            .Pairs("Training", run.Arguments.Settings.Where(setting => !known.Contains(setting.Key)))
            .Pairs("Data", Of(s_data))
            .Pairs("Device and environment", Of(s_machine))
            .Pairs("Files and display", Of(OfFiles)));
        page.Raw("<p class=\"note\">As argument.txt has them, which repeats the run: <code>reste --config argument.txt</code>. " +
            "A limit of 0 is none.</p>\n");
    }

    private IEnumerable<KeyValuePair<string, string>> Of(IEnumerable<string> names) =>
        names.Select(name => KeyValuePair.Create(name, run.Arguments[name]));

    private void AddTimings(ReportHtml page) => page.Grid(() =>
    {
        RunCharts.AddTimings(run, page);
        page.Pairs("In numbers", Timings());
    });

    private IEnumerable<KeyValuePair<string, string>> Timings()
    {
        yield return new("began", run.Arguments.Began);
        yield return new("page written", Time(now));
        if (run.Epochs.Count == 0)
            yield break;
        double[] seconds = [.. run.Epochs.Select(epoch => epoch.Seconds).Order()];
        yield return new("epochs, together", Words(seconds.Sum()));
        yield return new("an epoch, median", Words(seconds[seconds.Length / 2]));
        yield return new("an epoch, least to most", $"{Words(seconds[0])} to {Words(seconds[^1])}");
        double[] speeds = [.. run.Speeds.Select(speed => speed.Value).Order()];
        if (speeds.Length > 0)
            yield return new("training images a second, median", Numbers.Fixed(speeds[speeds.Length / 2], 0));
    }

    private static string Words(double seconds) =>
        seconds is not (>= ReadInSeconds and < MostSeconds) ? Numbers.Short(seconds) + " s" : Duration.Text(TimeSpan.FromSeconds(seconds));

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
