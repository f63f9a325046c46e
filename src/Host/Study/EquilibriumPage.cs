using System.Text;
using static ReSTE.Native.Host.SvgText;

namespace ReSTE.Native.Host;

/// <summary>equilibrium.html: the study in one file that asks for nothing from elsewhere and runs no scripts.</summary>
internal sealed class EquilibriumPage(Sweep sweep, SweepTable table, IReadOnlyDictionary<string, IReadOnlyList<LayerGradients>> gradients,
    string command)
{
    public const string FileName = "equilibrium.html";

    private const string CurvesCaption = "Lines are means over the seeds, dashed without o_end; bands are a standard deviation to each " +
        "side.";

    private readonly StringBuilder _text = new();

    public string Text()
    {
        var rows = table.Rows;
        _text.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width\"/>\n<title>The equilibrium study</title>\n<style>\n")
            .Append(PageStyle.Css).Append("</style>\n</head>\n<body>\n<h1>The equilibrium study</h1>\n");
        Paragraph($"How far an estimator is from sign() (estimating error), how steady its gradients are (gradient stability), and what " +
            $"a network makes of it. {Size()}");
        Paragraph(Caveat(), "caveat");
        Chart("Estimating error against gradient stability", StudyCharts.Equilibrium(rows),
            "A point for each row of the table; bars are a standard deviation over the seeds. " +
            "Low and to the left is close to sign() and steady.");
        Chart("Accuracy against o_end", StudyCharts.Exponents(rows), "ReSTE at several ends of its exponent: the best epoch, chosen on " +
            "the images it is shown with, and the last one. Dashed: estimators without o.");
        Chart("Training loss", StudyCharts.Curves("loss", "training loss", rows, epoch => epoch.Train.Loss),
            CurvesCaption);
        Chart("Accuracy", StudyCharts.Curves("top1", "top-1 on the test images, %", rows, epoch => epoch.Validation.Top1), CurvesCaption);
        AddGradients(rows);
        AddTable(rows);
        AddOrigin();
        return _text.Append("</body>\n</html>\n").ToString();
    }

    private string Size()
    {
        var recipe = sweep.Cells[0].Recipe;
        return $"{recipe.Model} on {recipe.Dataset}, {Plural.Of(recipe.Epochs, "epoch")}, " +
            (recipe.LimitTrain > 0 ? $"the first {Plural.Of(recipe.LimitTrain, "training image")}, " : "all training images, ") +
            (recipe.LimitTest > 0 ? $"the first {Plural.Of(recipe.LimitTest, "test image")}, " : "all test images, ") +
            $"batches of {Numbers.Text(recipe.BatchSize)}; {Plural.Of(sweep.Cells.Count, "run")}.";
    }

    private string Caveat()
    {
        var recipe = sweep.Cells[0].Recipe;
        var seeds = sweep.Cells.Select(cell => cell.Recipe.Seed).Distinct().Count();
        return $"Mind its size: {(recipe.LimitTrain > 0 ? Plural.Of(recipe.LimitTrain, "training image") : "the whole training set")}, " +
            $"{Plural.Of(recipe.Epochs, "epoch")} and {Plural.Of(seeds, "seed")}. A short study on few images does not rank estimators " +
                $"for full training, " +
            "and a deviation of so few seeds is itself uncertain.";
    }

    private void Paragraph(string text, string style = "") =>
        _text.Append(style.Length == 0 ? "<p>" : $"<p class=\"{style}\">").Append(Escape(text)).Append("</p>\n");

    private void Chart(string title, string svg, string caption)
    {
        _text.Append($"<h2>{Escape(title)}</h2>\n");
        if (svg.Length == 0)
            Paragraph("The runs do not have what this would show.");
        else
            _text.Append("<figure>\n<div class=\"scroll wide\">\n").Append(svg)
                .Append($"</div>\n<figcaption>{Escape(caption)}</figcaption>\n</figure>\n");
    }

    private void AddGradients(IReadOnlyList<SweepRow> rows)
    {
        _text.Append("<h2>Gradients, layer by layer</h2>\n");
        var scale = ChartAxis.WithMargin("|gradient|", gradients.Values.SelectMany(layers => layers).SelectMany(layer =>
            layer.Quantiles).Where(q => q > 0), isLog: true);
        Paragraph("Sizes of the latent weights' gradients in one training step of the last epoch's schedule, from the final weights of " +
            "one seed; " +
            "exact zeros are left out and counted beside. Line: median; bands: the middle half and nine tenths.");
        _text.Append("<div class=\"small\">\n");
        foreach (var (index, row) in rows.Index())
        {
            if (!gradients.TryGetValue(row.Name, out var layers) || layers.Count == 0)
                continue;
            var zeros = $"{row.Label}: {Numbers.Fixed(100 * layers.Average(layer => layer.Zeros), 1)} % zeros on average";
            _text.Append("<figure>\n").Append(StudyCharts.Gradients(index, row, layers,
                scale)).Append($"<figcaption>{Escape(zeros)}</figcaption>\n</figure>\n");
        }
        _text.Append("</div>\n");
    }

    private void AddTable(IReadOnlyList<SweepRow> rows)
    {
        _text.Append("<h2>The numbers</h2>\n<div class=\"scroll\"><table>\n<tr>");
        foreach (var title in (string[])["row", "runs", "best top-1, %", "last top-1, %", "training loss", "estimating error",
            "gradient stability", "note"])
            _text.Append($"<th scope=\"col\">{title}</th>");
        _text.Append("</tr>\n");
        foreach (var row in rows)
        {
            _text.Append($"<tr><th scope=\"row\">{Escape(row.Label)}</th><td>{Numbers.Text(row.Runs.Count)}</td>");
            foreach (var (_, form, value) in row.Numbers)
                _text.Append($"<td>{Escape(value?.Text(form) ?? "")}</td>");
            _text.Append($"<td>{Escape(row.Note)}</td></tr>\n");
        }
        _text.Append("</table></div>\n");
        Paragraph("Mean and standard deviation (n - 1) over the seeds. The best epoch is chosen on the images it is shown with" +
            (sweep.Cells[0].Recipe.ValidationSplit > 0 ? ", which were held out of training." : ", the test images: not to be quoted as " +
                "an accuracy."));
    }

    private void AddOrigin()
    {
        _text.Append($"<h2>Where it comes from</h2>\n<pre>{Escape(command)}</pre>\n");
        Paragraph($"reste {BuildInfo.Version}, {Machine.Runtime}, {Machine.System}, {Machine.Processor}");
    }
}
