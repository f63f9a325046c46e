using System.Globalization;
using System.Text;
using static ReSTE.Native.Host.SvgText;

namespace ReSTE.Native.Host;

/// <summary>A number by epoch.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Style">The classes of its line.</param>
/// <param name="Points">Epochs, from 0, and values; those that are no numbers leave a gap that the line crosses.</param>
internal sealed record Curve(string Name, string Style, IReadOnlyList<(int Epoch, double Value)> Points)
{
    // A chart is not as many points wide.
    private const int MostPoints = 300;

    // What is larger has no place on an axis: its length would be no number.
    private const double Largest = 1e300;

    /// <summary>Epochs counted from 1, as people do; of very many the lowest and the highest of each stretch.</summary>
    public IReadOnlyList<(double X, double Y)> Drawn { get; } = Thinned(
        [.. Points.Where(point => Math.Abs(point.Value) < Largest).Select(point => (point.Epoch + 1.0, point.Value))]);

    private static IReadOnlyList<(double X, double Y)> Thinned((double X, double Y)[] points)
    {
        if (points.Length <= MostPoints)
            return points;
        var stretches = points[1..^1].Chunk((points.Length + MostPoints / 2 - 1) / (MostPoints / 2));
        return [points[0], .. stretches.SelectMany(stretch => Ends(stretch)), points[^1]];
    }

    private static (double X, double Y)[] Ends((double X, double Y)[] stretch)
    {
        var (least, most) = (stretch.MinBy(point => point.Y), stretch.MaxBy(point => point.Y));
        return least.X < most.X ? [least, most] : least.X > most.X ? [most, least] : [least];
    }
}

/// <summary>Curves between one pair of axes, with a legend below, and the values of an epoch where the pointer rests.</summary>
/// <param name="Id">Its name in the page.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Unit">The title of its upright axis.</param>
/// <param name="Curves">The curves, the one to be seen above the others last.</param>
internal sealed record CurveChart(string Id, string Title, string Unit, IReadOnlyList<Curve> Curves)
{
    private const int MostHints = 100;

    // Ranges that take a logarithm to be seen.
    private const double Wide = 100;

    private static readonly (double, double, double) s_size = (400, 236, 14);

    /// <summary>Whether values over several powers of ten get a logarithmic axis.</summary>
    public bool MayBeLog { get; init; }

    /// <summary>Epochs, from 0, and values that get a dot.</summary>
    public IReadOnlyList<(int Epoch, double Value, string Style)> Dots { get; init; } = [];

    /// <summary>What else is to be known, after the legend.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether the note stands for a legend.</summary>
    public bool HasNoLegend { get; init; }

    /// <summary>Adds it to a page, unless there is nothing to draw.</summary>
    public void AddTo(ReportHtml page)
    {
        if (Curves.All(curve => curve.Drawn.Count == 0))
            return;
        var legend = HasNoLegend ? "" : string.Concat(Curves.Select(Key));
        page.Figure(Title, Svg(), (legend + Escape(Note)).TrimEnd());
    }

    /// <summary>A line of its colour, and its name.</summary>
    public static string Key(Curve curve) => Key(curve.Style, curve.Name);

    public static string Key(string style, string name) =>
        $"<span class=\"key\"><svg viewBox=\"0 0 24 8\" aria-hidden=\"true\"><path class=\"{style}\" d=\"M0 4h24\"/></svg> " +
        $"{Escape(name)}</span> ";

    private string Svg()
    {
        var points = Curves.SelectMany(curve => curve.Drawn).ToArray();
        var (first, last) = (points.Min(point => point.X), points.Max(point => point.X));
        var axes = (ChartAxis.OfEpochs("epoch", first, last), Upright([.. points.Select(point => point.Y)]));
        return SvgChart.OfPage(Id, Title, Told(), axes, plot =>
        {
            foreach (var curve in Curves.Where(curve => curve.Drawn.Count > 0))
            {
                plot.Line(curve.Drawn, curve.Style);
                if (curve.Drawn.Count == 1)
                    plot.Dot(curve.Drawn[0].X, curve.Drawn[0].Y, curve.Style);
            }
            foreach (var (epoch, value, style) in Dots)
                plot.Dot(epoch + 1, value, style);
            AddHints(plot);
        }, s_size);
    }

    private ChartAxis Upright(double[] values)
    {
        if (MayBeLog && values.Where(value => value > 0).DefaultIfEmpty(1) is var positive && positive.Max() > Wide * positive.Min())
            return ChartAxis.OfPowers(Unit + " (log scale)", values);
        var (least, most) = (values.Min(), values.Max());
        var room = most > least ? 0 : least == 0 ? 1 : Math.Abs(least) / 2;
        return ChartAxis.Around(Unit, least - room, most + room);
    }

    /// <summary>Beside each epoch, or of very many beside the last of each stretch, what every curve has there.</summary>
    private void AddHints(ChartFrame plot)
    {
        var epochs = Curves.SelectMany(curve => curve.Points.Select(point => point.Epoch)).Distinct().Order().ToArray();
        var stretch = (epochs.Length + MostHints - 1) / MostHints;
        var values = Curves.Where(_ => !HasNoLegend || Curves.Count == 1).Append(Curves[^1]).Distinct()
            .Select(curve => (curve.Name, Values: curve.Points.ToDictionary(point => point.Epoch, point => point.Value))).ToArray();
        foreach (var part in epochs.Chunk(stretch))
        {
            var text = new StringBuilder($"epoch {Numbers.Text(part[^1] + 1)}");
            foreach (var (name, of) in values)
            {
                if (of.TryGetValue(part[^1], out var value))
                    text.Append(CultureInfo.InvariantCulture, $"\n{name}: {Numbers.Short(value)}");
            }
            plot.Hint(part[0] + 0.5, part[^1] + 1.5, text.ToString());
        }
    }

    private string Told() => string.Join("; ", Curves.Where(curve => curve.Drawn.Count > 0).Select(curve =>
        $"{curve.Name}: {Numbers.Short(curve.Drawn[0].Y)} in epoch {Numbers.Text(curve.Drawn[0].X)}, " +
        $"{Numbers.Short(curve.Drawn[^1].Y)} in epoch {Numbers.Text(curve.Drawn[^1].X)}"));
}
