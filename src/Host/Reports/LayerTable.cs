using System.Text;
using static ReSTE.Native.Host.SvgText;

namespace ReSTE.Native.Host;

/// <summary>The latent weights of a run's binary layers: a row each, and a chart of how many signs flip.</summary>
internal sealed class LayerTable(RunData run)
{
    private const double Width = 160, Height = 44, Foot = 1;

    private readonly IReadOnlyList<LayerLine> _lines = run.Layers;

    /// <summary>Flips of all layers together in percent of their weights, by epoch.</summary>
    public static Curve Flips(RunData run, string name, string style) => new(name, style,
        [.. run.Layers.Where(line => line.Layers.All(layer => layer.Flips is not null)).Select(line =>
            (line.Epoch, 100.0 * line.Layers.Sum(layer => layer.Flips!.Value) / line.Layers.Sum(layer => (double)layer.Weights)))]);

    public void AddTo(ReportHtml page)
    {
        string[] names = [.. _lines[^1].Layers.Select(layer => layer.Name)];
        var flips = Curves(names, layer => layer.Flips is { } count ? 100.0 * count / layer.Weights : null);
        page.Grid(() =>
        {
            Chart("flips", "Signs that flip", "% of weights", [.. flips, Flips(run, "all layers", "s1 bold")],
                "Weights whose sign is another one than at the end of the epoch before; in the first epoch, than at its beginning. " +
                "Thick: all layers together. Thin: each layer, the first light and the last dark.").AddTo(page);
            Chart("mean-abs", "Mean |w| of the latent weights", "mean |w|", Curves(names, layer => layer.MeanAbs),
                "Each layer, the first light and the last dark: the scale of its binary weights, where the estimator has one a layer.")
                .AddTo(page);
            Chart("near-zero", "Weights near zero", "% of weights", Curves(names, layer => 100.0 * layer.NearZero / layer.Weights),
                "In the two bins beside zero, closer to it than 0.2 times the layer’s mean |w|: those that a few steps can flip.")
                .AddTo(page);
        });
        page.Table("layers", Titles, names.Select((name, i) => Row(name, flips[i])));
        page.Paragraph($"Histograms count latent weights in {Numbers.Text(LayerWeights.Bins)} bins from " +
            $"−{Numbers.Text(LayerWeights.Reach)} to {Numbers.Text(LayerWeights.Reach)} times the layer’s mean |w|, the outermost with " +
            $"what lies beyond. Filled: after epoch {Numbers.Text(_lines[^1].Epoch + 1)}; line: after epoch " +
            $"{Numbers.Text(_lines[0].Epoch + 1)}; upright line: zero, where signs flip. The last column has each layer’s flips by " +
            "epoch, from zero to its own largest share.", "note");
    }

    private static string[] Titles => ["layer", "weights", "mean |w|", "latent weights", "flips", "share", "flips by epoch"];

    private static int Shade(int layer, int layers) =>
        layers < 2 ? ReportStyle.Shades - 1 : layer * (ReportStyle.Shades - 1) / (layers - 1);

    private static string Short(string name) =>
        name.EndsWith(".weight", StringComparison.Ordinal) ? name[..^".weight".Length] : name;

    private static LayerWeights? Of(LayerLine line, string name) => line.Layers.FirstOrDefault(layer => layer.Name == name);

    private static CurveChart Chart(string id, string title, string unit, Curve[] curves, string note) => new(id, title, unit, curves)
    {
        MayBeLog = true,
        HasNoLegend = true,
        Note = note,
    };

    private Curve[] Curves(string[] names, Func<LayerWeights, double?> of) => [.. names.Select((name, i) =>
        new Curve(Short(name), $"s0 k{Numbers.Text(Shade(i, names.Length))}", Points(name, of)))];

    private (int, double)[] Points(string name, Func<LayerWeights, double?> of) =>
        [.. _lines.Select(line => (line.Epoch, Value: Of(line, name) is { } layer ? of(layer) : null))
            .Where(point => point.Value is not null).Select(point => (point.Epoch, point.Value!.Value))];

    private IEnumerable<string> Row(string name, Curve flips)
    {
        var (first, last) = (_lines.Select(line => Of(line, name)).First(layer => layer is not null)!, Of(_lines[^1], name)!);
        return
        [
            Escape(Short(name)), Numbers.Text(last.Weights), Numbers.Short(last.MeanAbs), Histogram(name, first, last),
            last.Flips is { } count ? Numbers.Text(count) : "–",
            last.Flips is { } part ? Numbers.Fixed(100.0 * part / last.Weights, 2) + " %" : "–",
            Sparkline(name, flips),
        ];
    }

    private static string Histogram(string name, LayerWeights first, LayerWeights last)
    {
        var most = first.Histogram.Select(count => count / (double)first.Weights)
            .Concat(last.Histogram.Select(count => count / (double)last.Weights)).Max();
        var below = 100.0 * last.Histogram.Take(LayerWeights.Bins / 2).Sum() / last.Weights;
        return Small($"latent weights of {Short(name)}: {Numbers.Fixed(below, 1)} % below zero",
            $"<path class=\"s0 now\" d=\"{Steps(last, most)}Z\"/><path class=\"then\" d=\"{Steps(first, most)}\"/>" +
            $"<path class=\"mid\" d=\"M{N(Width / 2)} 0v{N(Height)}\"/>");
    }

    private static string Steps(LayerWeights layer, double most)
    {
        var path = new StringBuilder($"M0 {N(Height - Foot)}");
        for (var bin = 0; bin < LayerWeights.Bins; bin++)
        {
            var top = (Height - Foot) * (1 - layer.Histogram[bin] / (layer.Weights * most));
            path.Append($"V{N(top)}H{N(Width * (bin + 1) / LayerWeights.Bins)}");
        }
        return path.Append($"V{N(Height - Foot)}").ToString();
    }

    private string Sparkline(string name, Curve flips)
    {
        if (flips.Drawn.Count == 0)
            return "–";
        var largest = Math.Max(1e-9, flips.Drawn.Max(point => point.Y));
        double from = _lines[0].Epoch + 1, span = Math.Max(1, _lines[^1].Epoch + 1 - from);
        var points = flips.Drawn.Select(p => ((p.X - from) / span * Width, (Height - Foot) * (1 - p.Y / largest) + Foot / 2));
        var line = string.Join('L', PlainLine.Of([.. points], 0.3).Select(p => $"{N(p.Item1)} {N(p.Item2)}"));
        return Small($"flips of {Short(name)}: {Numbers.Short(flips.Drawn[0].Y)} % at first, {Numbers.Short(flips.Drawn[^1].Y)} % at last",
            $"<path class=\"g\" d=\"M0 {N(Height - Foot)}H{N(Width)}\"/><path class=\"s1\" d=\"M{line}\"/>");
    }

    private static string Small(string title, string content) =>
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {N(Width)} {N(Height)}\" preserveAspectRatio=\"none\" role=\"img\">" +
        $"<title>{Escape(title)}</title>{content}</svg>";
}
