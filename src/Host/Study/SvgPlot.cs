using System.Globalization;
using System.Net;
using System.Text;

namespace ReSTE.Native.Host;

/// <summary>One axis: its title and range, by the logarithm or not.</summary>
internal sealed class PlotAxis
{
    private readonly bool _isLog;
    private readonly double _least, _most;

    /// <summary>A range that holds all values, with a margin; a single value gets some room.</summary>
    public PlotAxis(string title, IEnumerable<double> values, bool isLog = false)
    {
        double[] all = [.. values.Where(value => double.IsFinite(value) && (!isLog || value > 0)).Select(value =>
            isLog ? Math.Log10(value) : value)];
        (Title, _isLog) = (isLog ? title + " (log scale)" : title, isLog);
        (_least, _most) = all.Length == 0 ? (0, 1) : (all.Min(), all.Max());
        var margin = _most > _least ? 0.05 * (_most - _least) : Math.Max(0.5, Math.Abs(_most) * 0.05);
        (_least, _most) = (_least - margin, _most + margin);
    }

    public string Title { get; }

    /// <summary>Where a value lies, from 0 to 1.</summary>
    public double At(double value) => ((_isLog ? Math.Log10(Math.Max(value, 1e-300)) : value) - _least) / (_most - _least);

    /// <summary>Round values within the range, five or so.</summary>
    public IEnumerable<double> Ticks()
    {
        if (_isLog && _most - _least > 2.5)
            return Steps(Math.Ceiling((_most - _least) / 6)).Select(power => Math.Pow(10, power));
        if (!_isLog)
            return Steps(Round((_most - _least) / 5));
        double[] heads = [1, 1.5, 2, 3, 5, 7];
        return Enumerable.Range((int)Math.Floor(_least), (int)Math.Ceiling(_most) - (int)Math.Floor(_least) + 1)
            .SelectMany(power => heads.Select(head => head * Math.Pow(10, power))).Where(value => At(value) is >= 0 and <= 1);
    }

    private IEnumerable<double> Steps(double step)
    {
        for (var k = Math.Ceiling(_least / step); k * step <= _most; k++)
            yield return k * step;
    }

    private static double Round(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return power * (step / power is var head && head < 1.5 ? 1 : head < 3.5 ? 2 : head < 7.5 ? 5 : 10);
    }
}

/// <summary>A drawing of our own: axes, dots with error bars, lines with bands. Colours are classes of the page's style.</summary>
internal sealed class SvgPlot(string id, string title, string description, PlotAxis x, PlotAxis y, int width = 760, int height = 420,
    int right = 150)
{
    private const int Left = 78, Top = 16, Bottom = 52, LineHeight = 13;

    // Of the page's 12 px letters; labels are kept apart by it, none is cut to it.
    private const double LetterWidth = 7;

    private readonly StringBuilder _body = new();
    private readonly List<(double X, double Y, string Text, string Style)> _labels = [];

    private double PlotWidth => width - Left - right;

    private double PlotHeight => height - Top - Bottom;

    public void Dot(double atX, double atY, string style) =>
        _body.Append(Invariant($"<circle class=\"{style} fill\" cx=\"{X(atX):F1}\" cy=\"{Y(atY):F1}\" r=\"4.5\"/>\n"));

    /// <summary>Error bars of a deviation in each direction.</summary>
    public void Bars(double atX, double atY, double? byX, double? byY, string style)
    {
        if (byX is { } dx)
            Segment(X(atX - dx), Y(atY), X(atX + dx), Y(atY), style);
        if (byY is { } dy)
            Segment(X(atX), Y(atY - dy), X(atX), Y(atY + dy), style);
    }

    public void Line(IEnumerable<(double X, double Y)> points, string style) =>
        _body.Append($"<polyline class=\"{style} line\" points=\"{Points(points)}\"/>\n");

    /// <summary>The area between two lines.</summary>
    public void Band(IReadOnlyList<(double X, double Low, double High)> edges, string style) => _body.Append(
        $"<polygon class=\"{style} band\" " +
            $"points=\"{Points(edges.Select(e => (e.X, e.Low)).Concat(edges.Reverse().Select(e => (e.X, e.High))))}\"/>\n");

    /// <summary>
    /// Text above a place and to its right, clear of its error bars, or to its left where the frame ends; labels that would overlap are
    /// moved apart.
    /// </summary>
    public void Label(double atX, double atY, string text, string style)
    {
        var at = X(atX) + 8;
        if (at + Width(text) > Left + PlotWidth)
            at = X(atX) - 8 - Width(text);
        _labels.Add((at, Y(atY) - 5, text, style));
    }

    /// <summary>Text to the right of the frame, beside the end of a line.</summary>
    public void EndLabel(double atY, string text, string style) => _labels.Add((Left + PlotWidth + 6, Y(atY) + 4, text, style));

    public string Svg()
    {
        var text = new StringBuilder();
        text.Append($"<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" " +
            $"xmlns=\"http://www.w3.org/2000/svg\">\n");
        text.Append($"<title id=\"{id}-t\">{Escape(title)}</title>\n<desc id=\"{id}-d\">{Escape(description)}</desc>\n");
        AddAxes(text);
        text.Append(_body);
        AddLabels(text);
        return text.Append("</svg>\n").ToString();
    }

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    private void AddAxes(StringBuilder text)
    {
        foreach (var tick in x.Ticks())
        {
            text.Append(Invariant($"<line class=\"grid\" x1=\"{X(tick):F1}\" y1=\"{Top}\" x2=\"{X(tick):F1}\" "))
                .Append(Invariant($"y2=\"{Top + PlotHeight}\"/>"));
            text.Append(Invariant($"<text x=\"{X(tick):F1}\" y=\"{Top + PlotHeight + 16}\" "))
                .Append(Invariant($"text-anchor=\"middle\">{Number(tick)}</text>\n"));
        }
        foreach (var tick in y.Ticks())
        {
            text.Append(Invariant($"<line class=\"grid\" x1=\"{Left}\" y1=\"{Y(tick):F1}\" x2=\"{Left + PlotWidth}\" "))
                .Append(Invariant($"y2=\"{Y(tick):F1}\"/>"));
            text.Append(Invariant($"<text x=\"{Left - 6}\" y=\"{Y(tick) + 4:F1}\" text-anchor=\"end\">{Number(tick)}</text>\n"));
        }
        text.Append(Invariant($"<rect class=\"frame\" x=\"{Left}\" y=\"{Top}\" width=\"{PlotWidth}\" height=\"{PlotHeight}\"/>\n"));
        text.Append(Invariant($"<text x=\"{Left + PlotWidth / 2}\" y=\"{height - 10}\" text-anchor=\"middle\">{Escape(x.Title)}</text>\n"));
        var middle = Top + PlotHeight / 2;
        text.Append(Invariant($"<text transform=\"translate(16 {middle}) rotate(-90)\" text-anchor=\"middle\">{Escape(y.Title)}</text>\n"));
    }

    /// <summary>From the top down, each at least a line below those it would cover.</summary>
    private void AddLabels(StringBuilder text)
    {
        var placed = new List<(double From, double To, double Y)>();
        foreach (var label in _labels.OrderBy(label => label.Y))
        {
            var at = label.Y;
            var (from, to) = (label.X, label.X + Width(label.Text));
            while (placed.Any(other => from < other.To && other.From < to && Math.Abs(other.Y - at) < LineHeight))
                at++;
            placed.Add((from, to, at));
            text.Append(Invariant($"<text class=\"{label.Style} ink\" x=\"{label.X:F1}\" y=\"{at:F1}\">{Escape(label.Text)}</text>\n"));
        }
    }

    private void Segment(double x1, double y1, double x2, double y2, string style) =>
        _body.Append(Invariant($"<line class=\"{style} line\" x1=\"{x1:F1}\" y1=\"{y1:F1}\" x2=\"{x2:F1}\" y2=\"{y2:F1}\"/>\n"));

    private string Points(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(point => Invariant($"{X(point.X):F1},{Y(point.Y):F1}")));

    private static double Width(string text) => LetterWidth * text.Length;

    // What leaves the frame, as an error bar may, ends at it.
    private double X(double value) => Left + Math.Clamp(x.At(value), 0, 1) * PlotWidth;

    private double Y(double value) => Top + (1 - Math.Clamp(y.At(value), 0, 1)) * PlotHeight;

    private static string Number(double value) => Math.Abs(value) is (< 1e-3 or >= 1e5) and > 0
        ? value.ToString("0.#E+0", CultureInfo.InvariantCulture)
        : value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
