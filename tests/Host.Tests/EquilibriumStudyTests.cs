using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ReSTE.Native.Host.Tests;

/// <summary>`reste study equilibrium`: the page it ends in.</summary>
public sealed partial class EquilibriumStudyTests : IDisposable
{
    private static readonly string[] s_rows = ["ReSTE o_end=1", "ReSTE o_end=2", "ReSTE o_end=5", "STE"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_page_holds_every_row_and_its_drawings_are_well_formed()
    {
        Assert.Equal(ExitCode.Done, Study().ExitCode);
        var page = _folder.Text("equilibrium.html");
        var drawings = Drawing().Matches(page).Select(match => XElement.Parse(match.Value)).ToArray();
        Assert.Equal(4 + s_rows.Length, drawings.Length);
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.All(drawings, drawing => Assert.NotEmpty(drawing.Element(svg + "title")!.Value + drawing.Element(svg + "desc")!.Value));
        foreach (var row in s_rows)
        {
            Assert.Contains($"<th scope=\"row\">{row}</th>", page);
            Assert.Contains(row, drawings[0].Value);
            Assert.Contains($"Gradients of {row}, layer by layer", page);
        }
        Assert.DoesNotContain("NaN", page);
        Assert.Contains(BuildInfo.Version.Replace("+", "&#43;", StringComparison.Ordinal)[..5], page);
        Assert.Contains("reste study equilibrium", page);
        Assert.Contains("prefers-color-scheme: dark", page);
    }

    [Fact]
    public void The_page_asks_for_nothing_from_elsewhere()
    {
        Study();
        var page = _folder.Text("equilibrium.html").Replace("xmlns=\"http://www.w3.org/2000/svg\"", "", StringComparison.Ordinal);
        foreach (var word in (string[])["http:", "https:", "src=", "href=", "url(", "@import", "<script", "<link"])
            Assert.DoesNotContain(word, page);
        XDocument.Parse(page);
    }

    [Fact]
    public void A_narrow_screen_scrolls_within_the_wide_parts_and_never_the_page()
    {
        Study();
        var page = XDocument.Parse(_folder.Text("equilibrium.html")).Root!.Element("body")!;
        var scrolled = page.Descendants("div").Where(div => ((string)div.Attribute("class")!).Split(' ').Contains("scroll")).ToArray();
        XNamespace svg = "http://www.w3.org/2000/svg";
        var wide = page.Descendants(svg + "svg").Where(drawing => Width(drawing) > 368).Concat(page.Descendants("table")).ToArray();
        Assert.Equal(5, wide.Length);
        Assert.All(wide, part => Assert.Contains(part.Parent!, scrolled));

        static double Width(XElement drawing) => double.Parse(((string)drawing.Attribute("viewBox")!).Split(' ')[2],
            System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Labels_stay_within_the_drawing_and_clear_of_each_other()
    {
        var axes = (ChartAxis.WithMargin("x", [0.0, 100]), ChartAxis.WithMargin("y", [0.0, 100]));
        var drawing = SvgChart.OfPage("p", "t", "d", axes, plot =>
        {
            foreach (var at in (double[])[0, 1, 2, 99, 100])
                plot.Label(at, 50, "eleven more", "s0");
        }, (400, 300, 20));
        XNamespace svg = "http://www.w3.org/2000/svg";
        var labels = XElement.Parse(drawing).Elements(svg + "text").Where(text => (string?)text.Attribute("class") == "s0 l")
            .Select(text => ((double)text.Attribute("x")!, (double)text.Attribute("y")!)).ToArray();
        Assert.Equal(5, labels.Length);
        // The frame ends at 380; a letter is taken to be 7 wide and a line 13 high.
        Assert.All(labels, label => Assert.InRange(label.Item1, 78, 380 - 7 * 11));
        // A bar at 50 lies at 132: the highest label stands above it.
        Assert.Equal(127, labels.Min(label => label.Item2));
        for (var i = 0; i < labels.Length; i++)
            Assert.DoesNotContain(labels[..i], other => Math.Abs(other.Item1 - labels[i].Item1) < 77
                && Math.Abs(other.Item2 - labels[i].Item2) < 12.9);
    }

    [Fact]
    public void A_row_without_o_end_is_dashed_in_every_curve()
    {
        Study();
        var drawings = Drawing().Matches(_folder.Text("equilibrium.html")).Select(match => match.Value).ToArray();
        foreach (var drawing in drawings[2..4])
        {
            var paths = RowPath().Matches(drawing).Select(match => match.Groups[1].Value).ToArray();
            // Bands first, so that none tints a line.
            Assert.Equal(["s0 a", "s1 a", "s2 a", "s3 a", "s0", "s1", "s2", "s3 d"], paths);
        }
    }

    [Fact]
    public void The_report_can_be_made_of_what_is_there()
    {
        Study();
        var page = _folder.Text("equilibrium.html");
        File.Delete(_folder["equilibrium.html"]);
        Directory.Delete(_folder["estimator=STE,seed=2"], recursive: true);
        var run = Study("--report_only");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Null(run.Engine.Started);
        Assert.NotEqual(page, _folder.Text("equilibrium.html"));
        Assert.Contains("<th scope=\"row\">STE</th><td>1</td>", _folder.Text("equilibrium.html"));
    }

    [Fact]
    public void A_report_of_nothing_is_refused() =>
        Study("--report_only").AssertRefused(ExitCode.Misuse, "--report_only", _folder.Path);

    [Fact]
    public void The_grid_of_the_study_measures_the_indicators_with_two_seeds()
    {
        Study();
        Assert.Contains("--cal_ind", _folder.Lines("sweep.txt"));
        Assert.Contains("--seed 1,2", _folder.Lines("sweep.txt"));
    }

    [Fact]
    public void Zeros_are_counted_apart_from_the_quantiles()
    {
        var layer = LayerGradients.Of("w", [0, -1, 2, -3, 4, 5, 0, 0]);
        Assert.Equal([1, 2, 3, 4, 5], layer.Quantiles);
        Assert.Equal(0.375, layer.Zeros);
        Assert.Equal(1, LayerGradients.Of("w", [0, 0]).Zeros);
    }

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Drawing();

    [GeneratedRegex("<path class=\"(s[^\"]*)\"")]
    private static partial Regex RowPath();

    private CommandRun Study(params string[] more) => CommandRun.Of(["study", "equilibrium", "--device", "cpu", "--estimator", "ReSTE,STE",
        "--o_end", "1,2,5", "--epochs", "2", "--results_dir", _folder.Path, .. more]);
}
