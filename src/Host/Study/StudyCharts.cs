using System.Globalization;

namespace ReSTE.Native.Host;

/// <summary>The drawings of the equilibrium study. Each returns an SVG, or nothing where the runs do not have what it shows.</summary>
internal static class StudyCharts
{
    private const double Wide = 50;

    private static readonly (double, double, double) s_large = (760, 420, 150), s_small = (320, 220, 16);

    public static string Style(int row) => $"s{row % 10}";

    /// <summary>Dashed without o_end: a row's second mark beside its colour.</summary>
    private static string LineStyle(int index, SweepRow row) => row.Values.ContainsKey("o_end") ? Style(index) : Style(index) + " d";

    /// <summary>Estimating error against gradient stability, a point a row.</summary>
    public static string Equilibrium(IReadOnlyList<SweepRow> rows)
    {
        var measured = rows.Index().Where(row => row.Item is { EstimatingError: not null, GradientStability: not null }).ToArray();
        if (measured.Length == 0)
            return "";
        double[] errors = [.. measured.Select(row => row.Item.EstimatingError!.Value.Mean)];
        double[] stabilities = [.. measured.Select(row => row.Item.GradientStability!.Value.Mean)];
        var told = Told(measured.Select(row => row.Item), "estimating error", row => row.EstimatingError?.Text("F1"),
            "gradient stability", row => row.GradientStability?.Text("0.00E+0"));
        var axes = (ChartAxis.WithMargin("estimating error, mean over the epochs", errors, IsWide(errors)),
            ChartAxis.WithMargin("gradient stability, total over the epochs", stabilities, IsWide(stabilities)));
        return SvgChart.OfPage("equilibrium", "Estimating error against gradient stability", told, axes, plot =>
        {
            foreach (var (index, row) in measured)
            {
                var (error, stability) = (row.EstimatingError!.Value, row.GradientStability!.Value);
                plot.Bars(error.Mean, stability.Mean, error.Deviation, stability.Deviation, Style(index));
                plot.Dot(error.Mean, stability.Mean, Style(index));
                plot.Label(error.Mean, stability.Mean, row.Label, Style(index));
            }
        }, s_large);
    }

    /// <summary>Best and last top-1 against o_end; a dashed line for each estimator without it.</summary>
    public static string Exponents(IReadOnlyList<SweepRow> rows)
    {
        var run = rows.Where(row => row.BestTop1 is not null).ToArray();
        var with = run.Where(row => row.Values.ContainsKey("o_end")).OrderBy(End).ToArray();
        if (with.Length < 2)
            return "";
        var values = run.SelectMany(row => (Spread[])[row.BestTop1!.Value, row.LastTop1!.Value])
            .SelectMany(spread => (double[])[spread.Mean - (spread.Deviation ?? 0), spread.Mean + (spread.Deviation ?? 0)]);
        var told = Told(with, "best top-1", row => row.BestTop1?.Text("F2"), "last top-1", row => row.LastTop1?.Text("F2"));
        var axes = (ChartAxis.WithMargin("o at the end of the run, o_end", with.Select(End), isLog: true),
            ChartAxis.WithMargin("top-1 on the test images, %", values));
        return SvgChart.OfPage("exponents", "Top-1 against o_end", told, axes, plot =>
        {
            foreach (var (index, row) in rows.Index().Where(row => row.Item.LastTop1 is not null && !row.Item.Values.ContainsKey("o_end")))
                Level(plot, index, row, (End(with[0]), End(with[^1])));
            Rise(plot, with, row => row.BestTop1!.Value, "ReSTE, best epoch", "faded");
            Rise(plot, with, row => row.LastTop1!.Value, "ReSTE, last epoch", "plain");
        }, s_large);
    }

    private static void Level(ChartFrame plot, int index, SweepRow row, (double From, double To) ends)
    {
        var last = row.LastTop1!.Value.Mean;
        plot.Line([(ends.From, last), (ends.To, last)], LineStyle(index, row));
        plot.EndLabel(last, $"{row.Label}, last epoch", Style(index));
    }

    private static void Rise(ChartFrame plot, SweepRow[] rows, Func<SweepRow, Spread> of, string name, string style)
    {
        plot.Line(rows.Select(row => (End(row), of(row).Mean)), style);
        foreach (var row in rows)
        {
            plot.Bars(End(row), of(row).Mean, null, of(row).Deviation, style);
            plot.Dot(End(row), of(row).Mean, style);
        }
        plot.EndLabel(of(rows[^1]).Mean, name, style);
    }

    /// <summary>A number of each epoch: the mean of the seeds as a line, a deviation to each side as a band.</summary>
    public static string Curves(string id, string title, IReadOnlyList<SweepRow> rows, Func<Training.EpochReport, double> of)
    {
        var curves = rows.Index().Where(row => row.Item.Runs.Count > 0).Select(row => (row.Index, row.Item, Curve(row.Item, of))).ToArray();
        if (curves.Length == 0)
            return "";
        var told = string.Join("; ", curves.Select(curve => $"{curve.Item.Label} ends at {Number(curve.Item3[^1].Mean)}"));
        var axes = (ChartAxis.WithMargin("epoch", curves.SelectMany(curve => curve.Item3.Select(point => point.Epoch))),
            ChartAxis.WithMargin(title, curves.SelectMany(curve => curve.Item3)
                .SelectMany(p => (double[])[p.Mean - p.Deviation, p.Mean + p.Deviation])));
        return SvgChart.OfPage(id, title + " by epoch", told, axes, plot =>
        {
            // All bands before the first line, so that none tints a line.
            foreach (var (index, _, points) in curves)
                plot.Band([.. points.Select(p => (p.Epoch, p.Mean - p.Deviation, p.Mean + p.Deviation))], Style(index));
            foreach (var (index, row, points) in curves)
            {
                plot.Line(points.Select(p => (p.Epoch, p.Mean)), LineStyle(index, row));
                plot.EndLabel(points[^1].Mean, row.Label, Style(index));
            }
        }, s_large);
    }

    /// <summary>The gradients of a row's binary layers: median, middle half and nine tenths, all rows to one scale.</summary>
    public static string Gradients(int index, SweepRow row, IReadOnlyList<LayerGradients> layers, ChartAxis scale)
    {
        var told = string.Join("; ", layers.Select(layer =>
            $"{layer.Layer}: median {layer.Quantiles[2].ToString("0.0E+0", CultureInfo.InvariantCulture)}, " +
                $"{Numbers.Fixed(100 * layer.Zeros, 1)} % zeros"));
        var shown = layers.Index().Where(layer => layer.Item.Quantiles[0] > 0)
            .Select(layer => (At: layer.Index + 1.0, Q: layer.Item.Quantiles)).ToArray();
        var axes = (ChartAxis.WithMargin("binary layer, from the input", [1.0, layers.Count]), scale);
        return SvgChart.OfPage($"gradients{Numbers.Text(index)}", $"Gradients of {row.Label}, layer by layer", told, axes, plot =>
        {
            plot.Band([.. shown.Select(layer => (layer.At, layer.Q[0], layer.Q[4]))], Style(index));
            plot.Band([.. shown.Select(layer => (layer.At, layer.Q[1], layer.Q[3]))], Style(index));
            plot.Line(shown.Select(layer => (layer.At, layer.Q[2])), Style(index));
        }, s_small);
    }

    private static (double Epoch, double Mean, double Deviation)[] Curve(SweepRow row, Func<Training.EpochReport, double> of) =>
        [.. row.Runs.SelectMany(run => run.Epochs).GroupBy(epoch => epoch.Epoch).OrderBy(epoch => epoch.Key)
            .Select(epoch => (epoch.Key + 1.0, Spread.Of(epoch.Select(e => (double?)of(e)))!.Value)).Select(p => (p.Item1, p.Value.Mean,
                p.Value.Deviation ?? 0))];

    private static double End(SweepRow row) => double.Parse(row.Values["o_end"], CultureInfo.InvariantCulture);

    private static bool IsWide(double[] values) => values.Min() > 0 && values.Max() / values.Min() > Wide;

    private static string Told(IEnumerable<SweepRow> rows, string first, Func<SweepRow, string?> a, string second, Func<SweepRow,
        string?> b) =>
        string.Join("; ", rows.Select(row => $"{row.Label}: {first} {a(row)}, {second} {b(row)}"));

    private static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
