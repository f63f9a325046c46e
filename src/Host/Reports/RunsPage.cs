using static ReSTE.Native.Host.SvgText;

namespace ReSTE.Native.Host;

/// <summary>Several runs side by side: their ends, the settings in which they differ, and their curves.</summary>
internal sealed class RunsPage(IReadOnlyList<RunData> runs)
{
    private const int Colours = 10;

    private static readonly RunNumber[] s_numbers =
    [
        RunNumber.ValidationTop1, RunNumber.TrainTop1, RunNumber.ValidationLoss, RunNumber.TrainLoss, RunNumber.Rate, RunNumber.O,
        RunNumber.Error, RunNumber.Stability,
    ];

    private readonly string[] _names = Names(runs);

    public string Text()
    {
        var title = $"{Plural.Of(runs.Count, "run")} side by side";
        var page = new ReportHtml(title, runs.Select(run => run.Key));
        page.Raw("<header>\n").Paragraph("runs of reste", "kind").Raw("<h1>").Text(title).Raw("</h1>\n</header>\n<main>\n");
        page.Section("ends", "Where they stand", () => AddEnds(page));
        page.Section("differences", "Settings that differ", () => AddDifferences(page));
        page.Section("curves", "Curves", () => page.Grid(() => AddCurves(page)));
        page.Section("timings", "Timings", () => page.Grid(() => Chart(RunNumber.Seconds).AddTo(page)));
        return page.Raw("</main>\n").Close();
    }

    /// <summary>Folders' names; where two are the same, the paths as they were given.</summary>
    private static string[] Names(IReadOnlyList<RunData> runs) => runs.Select(run => run.Name).Distinct().Count() == runs.Count
        ? [.. runs.Select(run => run.Name)]
        : [.. runs.Select(run => run.Folder)];

    /// <summary>Ten colours, and then the same dashed.</summary>
    private static string Style(int run) => $"s{Numbers.Text(run % Colours)}{(run / Colours % 2 == 1 ? " d" : "")}";

    private void AddCurves(ReportHtml page)
    {
        foreach (var number in s_numbers)
            Chart(number).AddTo(page);
        Chart("flips", "Signs that flip", "% of weights", true, LayerTable.Flips).AddTo(page);
    }

    private CurveChart Chart(RunNumber number) => Chart(number.Id, number.Title, number.Unit, number.MayBeLog, number.Curve);

    private CurveChart Chart(string id, string title, string unit, bool mayBeLog, Func<RunData, string, string, Curve> of) =>
        new(id, title, unit, [.. runs.Select((run, i) => of(run, _names[i], Style(i)))]) { MayBeLog = mayBeLog };

    private void AddEnds(ReportHtml page)
    {
        string[] titles = ["run", "state", "best top-1, %", "in epoch", "last top-1, %", "last top-5, %", "validation loss",
            "training loss"];
        page.Table("runs", titles, runs.Select((run, i) => Row(run, i)));
        page.Paragraph("Top-1, top-5 and validation loss are of the test images, or of the images held out where a run has some. The " +
            "best epoch is chosen on the images it is shown with.", "note");
        foreach (var (run, i) in runs.Select((run, i) => (run, i)))
        {
            foreach (var test in run.Tests)
                page.Paragraph($"{_names[i]}: {test}");
        }
    }

    private IEnumerable<string> Row(RunData run, int i)
    {
        string[] first = [CurveChart.Key(Style(i), _names[i]).TrimEnd(), Escape(RunPage.StateText(run))];
        return run is { Best: { } best, Last: { } last }
            ? [.. first, Numbers.Fixed(best.Validation.Top1, 2), Numbers.Text(best.Epoch + 1), Numbers.Fixed(last.Validation.Top1, 2),
                Numbers.Fixed(last.Validation.Top5, 2), Numbers.Fixed(last.Validation.Loss, 4), Numbers.Fixed(last.Train.Loss, 4)]
            : [.. first, "", "", "", "", "", ""];
    }

    private void AddDifferences(ReportHtml page)
    {
        string[] names = [.. runs.SelectMany(run => run.Arguments.Settings).Select(setting => setting.Key).Distinct()
            .Where(name => !RunPage.OfFiles.Contains(name) && runs.Select(run => run.Arguments[name]).Distinct().Count() > 1)];
        if (names.Length == 0)
            page.Paragraph("None: their files of arguments say the same.");
        else
            page.Table("differ", _names.Prepend("setting"), names.Select(name =>
                runs.Select(run => Escape(run.Arguments[name])).Prepend(Escape(name))));
    }
}
