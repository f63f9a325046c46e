using System.Security;
using System.Text;

namespace ReSTE.Native.Host;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it; lines of one name have one colour in all panels.</param>
/// <param name="Points">Its points, from left to right; all finite.</param>
/// <param name="IsReference">Whether it is what the others are compared with: grey and dashed.</param>
internal sealed record ChartSeries(string Name, IReadOnlyList<(double X, double Y)> Points, bool IsReference = false);

/// <summary>A pair of axes with the lines in it.</summary>
internal sealed record ChartPanel(string Title, string XLabel, IReadOnlyList<ChartSeries> Series);

/// <summary>
/// Charts as SVG that stands alone: no script, no font of its own, nothing from elsewhere, in light colours or in dark ones as the reader
/// has them.
/// </summary>
internal static class SvgChart
{
    private const double PanelWidth = 340, PanelHeight = 220, Left = 48, Right = 16, Top = 30, Bottom = 42, Head = 30, Row = 18,
        LegendLetter = 7, LegendMark = 44, Tolerance = 0.15;

    private const int Colours = 8, LineLength = 100;

    private const string Style =
        "text{font:12px sans-serif;fill:#24292f}.t{font-size:15px;font-weight:bold}.b{fill:#fff}"
        + "path{fill:none;stroke-width:2;stroke-linejoin:round}.g{stroke:#d0d7de;stroke-width:1}.z{stroke:#8c959f;stroke-width:1}"
        + ".f{fill:none;stroke:#8c959f}.r{stroke:#6e7781;stroke-width:1.5;stroke-dasharray:5 4}"
        + ".s0{stroke:#0072b2}.s1{stroke:#d55e00}.s2{stroke:#009e73}.s3{stroke:#cc79a7}.s4{stroke:#b8860b}.s5{stroke:#56b4e9}"
        + ".s6{stroke:#8250df}.s7{stroke:#57606a}"
        + "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.b{fill:#0d1117}.g{stroke:#30363d}.z{stroke:#7d8590}.f{stroke:#7d8590}"
        + ".r{stroke:#9ea7b3}.s0{stroke:#4cadea}.s1{stroke:#ff8c42}.s2{stroke:#2fc99a}.s3{stroke:#e6a3c8}.s4{stroke:#e3b341}"
        + ".s5{stroke:#9bd4f5}.s6{stroke:#bc8cff}.s7{stroke:#c9d1d9}}";

    /// <summary>Panels in rows under one title, what belongs to it, and one legend.</summary>
    public static string Draw(string title, string details, IReadOnlyList<IReadOnlyList<ChartPanel>> rows)
    {
        var lines = Wrap(details);
        ChartSeries[] legend = [.. rows.SelectMany(row => row).SelectMany(panel => panel.Series).DistinctBy(series => series.Name)
            .OrderBy(series => series.IsReference)];
        var classes = Classes(legend);
        double width = rows.Max(row => row.Count) * PanelWidth;
        double item = LegendMark + LegendLetter * legend.Max(series => series.Name.Length);
        int across = Math.Max(1, (int)(width / item));
        double legendTop = Head + Row * lines.Count, above = legendTop + Row * ((legend.Length + across - 1) / across);
        var svg = new StringBuilder();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {N(width)} {N(above + rows.Count * PanelHeight)}\" ")
            .Append($"role=\"img\">\n<title>{X($"{title}: {details}")}</title>\n<style>{Style}</style>\n")
            .Append($"<rect class=\"b\" width=\"100%\" height=\"100%\"/>\n<text class=\"t\" x=\"12\" y=\"21\">{X(title)}</text>\n");
        for (int i = 0; i < lines.Count; i++)
            svg.Append($"<text x=\"12\" y=\"{N(Head + Row * i + 9)}\">{X(lines[i])}</text>\n");
        for (int i = 0; i < legend.Length; i++)
            AddLegend(svg, legend[i].Name, classes[legend[i].Name], 12 + i % across * item, legendTop + Row * (i / across) + 8);
        for (int r = 0; r < rows.Count; r++)
        {
            for (int c = 0; c < rows[r].Count; c++)
                AddPanel(svg, rows[r][c], classes, c * PanelWidth, above + r * PanelHeight);
        }
        return svg.Append("</svg>\n").ToString();
    }

    private static List<string> Wrap(string text)
    {
        var lines = new List<string> { "" };
        foreach (string word in text.Split(' '))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > LineLength)
                lines.Add("");
            lines[^1] += lines[^1].Length > 0 ? " " + word : word;
        }
        return lines;
    }

    private static Dictionary<string, string> Classes(ChartSeries[] legend)
    {
        var classes = new Dictionary<string, string>();
        foreach (var series in legend)
            classes.Add(series.Name, series.IsReference ? "r" : $"s{classes.Count % Colours}");
        return classes;
    }

    private static void AddLegend(StringBuilder svg, string name, string style, double x, double y) => svg
        .Append($"<path class=\"{style}\" d=\"M{N(x)} {N(y)}h22\"/><text x=\"{N(x + 28)}\" y=\"{N(y + 4)}\">{X(name)}</text>\n");

    private static void AddPanel(StringBuilder svg, ChartPanel panel, Dictionary<string, string> classes, double left, double top)
    {
        var points = panel.Series.SelectMany(series => series.Points);
        var (width, height) = (PanelWidth - Left - Right, PanelHeight - Top - Bottom);
        var x = ChartAxis.Exactly(points.Min(p => p.X), points.Max(p => p.X), left + Left, width);
        var y = ChartAxis.Around(Math.Min(points.Min(p => p.Y), 0), points.Max(p => p.Y), top + Top + height, -height);
        svg.Append($"<text x=\"{N(left + Left)}\" y=\"{N(top + Top - 9)}\">{X(panel.Title)}</text>\n");
        AddGrid(svg, x, y, left + Left, top + Top, width, height);
        svg.Append($"<text x=\"{N(left + Left + width / 2)}\" y=\"{N(top + PanelHeight - 9)}\" text-anchor=\"middle\">")
            .Append($"{X(panel.XLabel)}</text>\n");
        foreach (var series in panel.Series.OrderByDescending(series => series.IsReference))
            svg.Append($"<path class=\"{classes[series.Name]}\" d=\"{Path(series, x, y)}\"/>\n");
    }

    private static void AddGrid(StringBuilder svg, ChartAxis x, ChartAxis y, double left, double top, double width, double height)
    {
        foreach (double tick in x.Ticks)
        {
            svg.Append($"<path class=\"{(tick == 0 ? 'z' : 'g')}\" d=\"M{N(x.At(tick))} {N(top)}v{N(height)}\"/>")
                .Append($"<text x=\"{N(x.At(tick))}\" y=\"{N(top + height + 15)}\" text-anchor=\"middle\">{x.Label(tick)}</text>\n");
        }
        foreach (double tick in y.Ticks)
        {
            svg.Append($"<path class=\"{(tick == 0 ? 'z' : 'g')}\" d=\"M{N(left)} {N(y.At(tick))}h{N(width)}\"/>")
                .Append($"<text x=\"{N(left - 5)}\" y=\"{N(y.At(tick) + 4)}\" text-anchor=\"end\">{y.Label(tick)}</text>\n");
        }
        svg.Append($"<rect class=\"f\" x=\"{N(left)}\" y=\"{N(top)}\" width=\"{N(width)}\" height=\"{N(height)}\"/>\n");
    }

    private static string Path(ChartSeries series, ChartAxis x, ChartAxis y)
    {
        var line = PlainLine.Of([.. series.Points.Select(p => (x.At(p.X), y.At(p.Y)))], Tolerance);
        return "M" + string.Join('L', line.Select(p => $"{N(p.X)} {N(p.Y)}"));
    }

    /// <summary>A place on the page, to a tenth of a point.</summary>
    private static string N(double value) => Numbers.Text(Math.Round(value, 1) + 0.0);

    private static string X(string text) => SecurityElement.Escape(text);
}
