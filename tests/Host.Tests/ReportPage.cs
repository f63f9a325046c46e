using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace ReSTE.Native.Host.Tests;

/// <summary>A report as a reader has it: well-formed, and asking for nothing from elsewhere.</summary>
internal sealed partial class ReportPage
{
    private const string Svg = "http://www.w3.org/2000/svg";

    private readonly XDocument _page;

    private ReportPage(string text)
    {
        Text = text;
        using var reader = XmlReader.Create(new StringReader(text), new() { DtdProcessing = DtdProcessing.Ignore });
        _page = XDocument.Load(reader);
        Assert.DoesNotMatch(@"<script|<link|<img|\ssrc=|\shref=|url\(|@import|https?:", text.Replace(Svg, "", StringComparison.Ordinal));
        var ids = _page.Descendants().Select(element => element.Attribute("id")?.Value).OfType<string>().ToArray();
        Assert.Equal(ids.Distinct(), ids);
    }

    public string Text { get; }

    /// <summary>The titles of its charts.</summary>
    public string[] Charts => [.. _page.Descendants("figure").Select(figure => figure.Element("h3")!.Value)];

    /// <summary>Cells of a table, row by row, below its head.</summary>
    public string[][] Table(string style) => [.. _page.Descendants("table").Where(table => table.Attribute("class")?.Value == style)
        .SelectMany(table => table.Element("tbody")!.Elements("tr"))
        .Select(row => row.Elements().Select(cell => cell.Value.Trim()).ToArray())];

    /// <summary>What is shown beside the epochs of a chart.</summary>
    public string[] Hints(string chart) => [.. _page.Descendants("figure").Single(figure => figure.Element("h3")!.Value == chart)
        .Descendants(XName.Get("rect", Svg)).Select(rect => rect.Element(XName.Get("title", Svg))?.Value).OfType<string>()];

    /// <summary>What its readers are told without seeing the chart.</summary>
    public string Description(string chart) => _page.Descendants("figure").Single(figure => figure.Element("h3")!.Value == chart)
        .Descendants(XName.Get("desc", Svg)).Single().Value;

    public static ReportPage Read(string path) => new(File.ReadAllText(path));

    /// <summary>The page without what depends on time and place, as build/interruptions.sh compares it.</summary>
    public string Timeless(string folder) => Times().Replace(Text, "").Replace(folder, "", StringComparison.Ordinal);

    [GeneratedRegex(
        @"<time>[^<]*</time>|^<(meta name=""reste-run""|title>)[^\n]*|<section id=""timings"">.*?</section>",
        RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Times();
}
