using System.Text;
using static ReSTE.Native.Host.SvgText;

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
        LegendMark = 44;

    private const double PageLeft = 78, PageTop = 16, PageBottom = 52;

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
        double item = LegendMark + Letter * legend.Max(series => series.Name.Length);
        int across = Math.Max(1, (int)(width / item));
        double legendTop = Head + Row * lines.Count, above = legendTop + Row * ((legend.Length + across - 1) / across);
        var svg = Open(width, above + rows.Count * PanelHeight)
            .Append($"<title>{Escape($"{title}: {details}")}</title>\n<style>{Style}</style>\n")
            .Append($"<rect class=\"b\" width=\"100%\" height=\"100%\"/>\n<text class=\"t\" x=\"12\" y=\"21\">{Escape(title)}</text>\n");
        for (int i = 0; i < lines.Count; i++)
            svg.Append($"<text x=\"12\" y=\"{N(Head + Row * i + 9)}\">{Escape(lines[i])}</text>\n");
        for (int i = 0; i < legend.Length; i++)
            AddLegend(svg, legend[i].Name, classes[legend[i].Name], 12 + i % across * item, legendTop + Row * (i / across) + 8);
        for (int r = 0; r < rows.Count; r++)
        {
            for (int c = 0; c < rows[r].Count; c++)
                AddPanel(svg, rows[r][c], classes, c * PanelWidth, above + r * PanelHeight);
        }
        return Close(svg);
    }

    /// <summary>One large chart of a page, whose colours are the page's.</summary>
    /// <param name="id">Its name in the page.</param>
    /// <param name="title">What it is.</param>
    /// <param name="description">What it says, for those who do not see it.</param>
    /// <param name="axes">Both axes.</param>
    /// <param name="draw">Draws into it.</param>
    /// <param name="size">Its own size, and the room for labels on its right.</param>
    public static string OfPage(string id, string title, string description, (ChartAxis X, ChartAxis Y) axes, Action<ChartFrame> draw,
        (double Width, double Height, double Right) size)
    {
        var svg = Open(size.Width, size.Height, $" aria-labelledby=\"{id}-t {id}-d\"")
            .Append($"<title id=\"{id}-t\">{Escape(title)}</title>\n<desc id=\"{id}-d\">{Escape(description)}</desc>\n");
        var frame = new ChartFrame(svg, axes.X, axes.Y,
            new(PageLeft, PageTop, size.Width - PageLeft - size.Right, size.Height - PageTop - PageBottom));
        draw(frame);
        frame.DrawLabels();
        return Close(svg);
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
        .Append($"<path class=\"{style}\" d=\"M{N(x)} {N(y)}h22\"/><text x=\"{N(x + 28)}\" y=\"{N(y + 4)}\">{Escape(name)}</text>\n");

    private static void AddPanel(StringBuilder svg, ChartPanel panel, Dictionary<string, string> classes, double left, double top)
    {
        var points = panel.Series.SelectMany(series => series.Points);
        var place = new ChartPlace(left + Left, top + Top, PanelWidth - Left - Right, PanelHeight - Top - Bottom);
        svg.Append($"<text x=\"{N(place.Left)}\" y=\"{N(place.Top - 9)}\">{Escape(panel.Title)}</text>\n");
        var frame = new ChartFrame(svg, ChartAxis.Exactly(panel.XLabel, points.Min(p => p.X), points.Max(p => p.X)),
            ChartAxis.Around("", Math.Min(points.Min(p => p.Y), 0), points.Max(p => p.Y)), place);
        foreach (var series in panel.Series.OrderByDescending(series => series.IsReference))
            frame.Line(series.Points, classes[series.Name]);
    }
}
