using System.Text;
using ReSTE.Native.Files;
using static ReSTE.Native.Host.SvgText;

namespace ReSTE.Native.Host;

/// <summary>
/// A report's page as it is written: HTML that is XML, too, asks for nothing from elsewhere and runs no scripts. What depends on the time
/// stands in the section "timings", in time elements and in the lines of key and title, so that pages can be compared without it.
/// </summary>
internal sealed class ReportHtml
{
    private const string KeyTag = "<meta name=\"reste-run\" content=\"";

    // The key stands within as many characters.
    private const int Head = 4096;

    private readonly StringBuilder _text = new();

    /// <param name="title">The page's.</param>
    /// <param name="keys">Of the runs it shows.</param>
    public ReportHtml(string title, IEnumerable<string> keys) => _text
        .Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
        .Append(Key(keys)).Append('\n')
        .Append("<meta name=\"viewport\" content=\"width=device-width\"/>\n")
        .Append($"<title>{Escape(title)}</title>\n<style>\n{ReportStyle.Css}</style>\n</head>\n<body>\n");

    /// <summary>Whether a file is a report of just these runs.</summary>
    public static bool IsOf(string path, IEnumerable<string> keys)
    {
        using var file = RegularFile.OpenRead(path, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var head = new char[Head];
        return new string(head, 0, reader.ReadBlock(head)).Contains(Key(keys), StringComparison.Ordinal);
    }

    public ReportHtml Raw(string html)
    {
        _text.Append(html);
        return this;
    }

    public ReportHtml Text(string text) => Raw(Escape(text));

    public ReportHtml Paragraph(string text, string style = "") =>
        Raw(style.Length == 0 ? "<p>" : $"<p class=\"{style}\">").Text(text).Raw("</p>\n");

    public ReportHtml Section(string id, string title, Action content)
    {
        Raw($"<section id=\"{id}\">\n<h2>").Text(title).Raw("</h2>\n");
        content();
        return Raw("</section>\n");
    }

    public ReportHtml Grid(Action content)
    {
        Raw("<div class=\"grid\">\n");
        content();
        return Raw("</div>\n");
    }

    /// <summary>A drawing with its title and what is to be known to read it.</summary>
    public ReportHtml Figure(string title, string svg, string captionHtml) =>
        Raw("<figure>\n<h3>").Text(title).Raw($"</h3>\n{svg}<figcaption>{captionHtml}</figcaption>\n</figure>\n");

    /// <summary>Names with their values, the empty ones left out.</summary>
    public ReportHtml Pairs(string title, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var shown = pairs.Where(pair => pair.Value.Length > 0).ToArray();
        if (shown.Length == 0)
            return this;
        Raw("<div>\n<h3>").Text(title).Raw("</h3>\n<table class=\"pairs\">\n");
        foreach (var (name, value) in shown)
            Raw("<tr><th scope=\"row\">").Text(name).Raw("</th><td>").Text(value).Raw("</td></tr>\n");
        return Raw("</table>\n</div>\n");
    }

    /// <summary>A table whose cells are HTML.</summary>
    public ReportHtml Table(string style, IEnumerable<string> titles, IEnumerable<IEnumerable<string>> rows)
    {
        Raw($"<div class=\"scroll\"><table class=\"{style}\">\n<thead><tr>");
        foreach (var title in titles)
            Raw("<th scope=\"col\">").Text(title).Raw("</th>");
        Raw("</tr></thead>\n<tbody>\n");
        foreach (var row in rows)
        {
            foreach (var (i, cell) in row.Index())
                Raw(i == 0 ? $"<tr><th scope=\"row\">{cell}</th>" : $"<td>{cell}</td>");
            Raw("</tr>\n");
        }
        return Raw("</tbody>\n</table></div>\n");
    }

    /// <summary>The whole page.</summary>
    public string Close() => _text.Append("</body>\n</html>\n").ToString();

    private static string Key(IEnumerable<string> keys) => $"{KeyTag}{Escape(string.Join("; ", keys))}\"/>";
}
