using System.Text;
using static ReSTE.Native.Host.SvgText;

namespace ReSTE.Native.Host;

/// <summary>A rectangle of a page, in its units.</summary>
internal readonly record struct ChartPlace(double Left, double Top, double Width, double Height)
{
    public double Right => Left + Width;

    public double Bottom => Top + Height;
}

/// <summary>
/// A pair of axes at a place of an SVG, and what is drawn between them: lines, bands, dots with bars, labels. Its looks are classes: g and
/// z of the grid and the lines at 0, f of the frame, a of areas, l of labels, and those that the caller names.
/// </summary>
internal sealed class ChartFrame
{
    private const double Tolerance = 0.15;

    private const int LineHeight = 13, LabelGap = 8;

    private readonly StringBuilder _svg;
    private readonly ChartAxis _x, _y;
    private readonly ChartPlace _place;
    private readonly List<(double X, double Y, string Text, string Style)> _labels = [];

    /// <summary>Draws grid, frame and the axes' titles.</summary>
    public ChartFrame(StringBuilder svg, ChartAxis x, ChartAxis y, ChartPlace place)
    {
        (_svg, _x, _y, _place) = (svg, x, y, place);
        foreach (double tick in x.Ticks)
        {
            svg.Append($"<path class=\"{(tick == 0 ? 'z' : 'g')}\" d=\"M{N(X(tick))} {N(place.Top)}v{N(place.Height)}\"/>")
                .Append($"<text x=\"{N(X(tick))}\" y=\"{N(place.Bottom + 15)}\" text-anchor=\"middle\">{x.Label(tick)}</text>\n");
        }
        foreach (double tick in y.Ticks)
        {
            svg.Append($"<path class=\"{(tick == 0 ? 'z' : 'g')}\" d=\"M{N(place.Left)} {N(Y(tick))}h{N(place.Width)}\"/>")
                .Append($"<text x=\"{N(place.Left - 5)}\" y=\"{N(Y(tick) + 4)}\" text-anchor=\"end\">{y.Label(tick)}</text>\n");
        }
        svg.Append($"<rect class=\"f\" x=\"{N(place.Left)}\" y=\"{N(place.Top)}\" ")
            .Append($"width=\"{N(place.Width)}\" height=\"{N(place.Height)}\"/>\n")
            .Append($"<text x=\"{N(place.Left + place.Width / 2)}\" y=\"{N(place.Bottom + 33)}\" text-anchor=\"middle\">")
            .Append($"{Escape(x.Title)}</text>\n");
        if (y.Title.Length > 0)
            svg.Append($"<text transform=\"translate({N(place.Left - 62)} {N(place.Top + place.Height / 2)}) rotate(-90)\" ")
                .Append($"text-anchor=\"middle\">{Escape(y.Title)}</text>\n");
    }

    /// <summary>A line from point to point; points that nobody would miss are left out.</summary>
    public void Line(IEnumerable<(double X, double Y)> points, string style) => Path(style, Through(points));

    /// <summary>The area between two lines.</summary>
    public void Band(IReadOnlyList<(double X, double Low, double High)> edges, string style)
    {
        if (edges.Count > 0)
            Path(style + " a", Through(edges.Select(e => (e.X, e.Low)).Concat(edges.Reverse().Select(e => (e.X, e.High)))) + "Z");
    }

    public void Dot(double x, double y, string style) =>
        _svg.Append($"<circle class=\"{style}\" cx=\"{N(X(x))}\" cy=\"{N(Y(y))}\" r=\"4.5\"/>\n");

    /// <summary>What is shown where the pointer rests between two places of the axis.</summary>
    public void Hint(double from, double to, string text) => _svg
        .Append($"<rect class=\"h\" x=\"{N(X(from))}\" y=\"{N(_place.Top)}\" width=\"{N(X(to) - X(from))}\" ")
        .Append($"height=\"{N(_place.Height)}\"><title>{Escape(text)}</title></rect>\n");

    /// <summary>Error bars of a deviation in each direction.</summary>
    public void Bars(double x, double y, double? byX, double? byY, string style)
    {
        if (byX is { } dx)
            Path(style, $"M{N(X(x - dx))} {N(Y(y))}H{N(X(x + dx))}");
        if (byY is { } dy)
            Path(style, $"M{N(X(x))} {N(Y(y - dy))}V{N(Y(y + dy))}");
    }

    /// <summary>
    /// Text above a place and to its right, clear of its bars, or to its left where the frame ends; labels that would overlap are moved
    /// apart.
    /// </summary>
    public void Label(double x, double y, string text, string style)
    {
        double at = X(x) + LabelGap;
        if (at + Width(text) > _place.Right)
            at = X(x) - LabelGap - Width(text);
        _labels.Add((at, Y(y) - 5, text, style));
    }

    /// <summary>Text to the right of the frame, beside the end of a line.</summary>
    public void EndLabel(double y, string text, string style) => _labels.Add((_place.Right + 6, Y(y) + 4, text, style));

    /// <summary>Draws the labels, from the top down, each at least a line below those it would cover.</summary>
    public void DrawLabels()
    {
        var placed = new List<(double From, double To, double Y)>();
        foreach (var label in _labels.OrderBy(label => label.Y))
        {
            double at = label.Y;
            var (from, to) = (label.X, label.X + Width(label.Text));
            while (placed.Any(other => from < other.To && other.From < to && Math.Abs(other.Y - at) < LineHeight))
                at++;
            placed.Add((from, to, at));
            _svg.Append($"<text class=\"{label.Style} l\" x=\"{N(label.X)}\" y=\"{N(at)}\">{Escape(label.Text)}</text>\n");
        }
    }

    private static double Width(string text) => Letter * text.Length;

    private void Path(string style, string d) => _svg.Append($"<path class=\"{style}\" d=\"{d}\"/>\n");

    private string Through(IEnumerable<(double X, double Y)> points) =>
        "M" + string.Join('L', PlainLine.Of([.. points.Select(p => (X(p.X), Y(p.Y)))], Tolerance).Select(p => $"{N(p.X)} {N(p.Y)}"));

    private double X(double value) => _place.Left + _x.Share(value) * _place.Width;

    private double Y(double value) => _place.Bottom - _y.Share(value) * _place.Height;
}
