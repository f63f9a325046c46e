using System.Security;
using System.Text;
using System.Xml;

namespace ReSTE.Native.Host;

/// <summary>The text of an SVG: how it begins and ends, its numbers, its words.</summary>
internal static class SvgText
{
    /// <summary>Room for a letter of 12 px; words are kept apart by it, none is cut to it.</summary>
    public const double Letter = 7;

    /// <summary>The first tag, with more attributes where there are some.</summary>
    public static StringBuilder Open(double width, double height, string attributes = "") => new StringBuilder()
        .Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {N(width)} {N(height)}\" role=\"img\"{attributes}>\n");

    public static string Close(StringBuilder svg) => svg.Append("</svg>\n").ToString();

    /// <summary>A place on the page, to a tenth of a point.</summary>
    public static string N(double value) => Numbers.Text(Math.Round(value, 1) + 0.0);

    /// <summary>Words between tags or in an attribute, of SVG and of HTML.</summary>
    public static string Escape(string text)
    {
        var escaped = SecurityElement.Escape(text);
        return escaped.All(XmlConvert.IsXmlChar) ? escaped : string.Concat(escaped.EnumerateRunes().Select(Printable));
    }

    // A folder's name may hold what no page may: control characters, and halves of characters, which are replaced as they are read.
    private static string Printable(Rune rune) =>
        rune.Value > char.MaxValue || XmlConvert.IsXmlChar((char)rune.Value) ? rune.ToString() : Rune.ReplacementChar.ToString();
}
