using System.Diagnostics;
using ReSTE.Native.Datasets;
using ReSTE.Native.Export;

namespace ReSTE.Native.Host;

/// <summary>An exported file beside the engine, over test images: what is said of the two, or why the file may not stay.</summary>
internal sealed class ExportComparison(HostContext context, Settings settings, IExportFormat format, ExportSource source, Dataset test)
{
    // Labels that another order of sums may change, of those of a data set.
    private const double MostDiffering = 0.001;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Test images to compare, at most.</summary>
    public required int Images { get; init; }

    /// <summary>Whether the weights of real layers became bytes, which changes labels.</summary>
    public required bool WholeReals { get; init; }

    /// <summary>Compares a file with the engine; returns what there is to say, a line each.</summary>
    public IReadOnlyList<string> Run(string written)
    {
        IExportedForm form;
        try
        {
            form = format.Open(written, settings.Options.Device.Threads);
        }
        catch (ExportException problem)
        {
            return [$"not compared with the engine: {problem.Message}"];
        }

        using (form)
        {
            var count = Math.Min(Images, test.Count);
            var result = Comparison.Of(source, form, count, test.Read, context.Interruption.Token, Progress(count));
            var lines = Words(result, form);
            if (!format.IsExact)
                lines.AddRange(Near(result.Apart));
            if (!WholeReals && result.Differing.Count > (format.IsExact ? 0 : MostDiffering * result.Images))
            {
                throw new HostException(ExitCode.Failure,
                    $"{Plural.Of(result.Differing.Count, "label")} of {Numbers.Grouped(result.Images)} differ from the engine's, "
                    + $"image {Numbers.Grouped(result.Differing[0])} the first: nothing was written");
            }

            return lines;
        }
    }

    /// <summary>Says now and then how far it has come, where that takes long.</summary>
    private Action<int>? Progress(int count)
    {
        if (settings.Options.Progress == ProgressMode.None)
            return null;
        var last = Stopwatch.GetTimestamp();
        return done =>
        {
            if (Stopwatch.GetElapsedTime(last) < s_patience || done == count)
                return;
            last = Stopwatch.GetTimestamp();
            context.Notify([$"compared {Numbers.Grouped(done)} of {Numbers.Grouped(count)} images"]);
        };
    }

    /// <summary>
    /// Another order of sums may turn a sign only where its value is near 0: whatever image is another has one, or something is wrong.
    /// </summary>
    private string[] Near(IReadOnlyList<int> images)
    {
        if (images.Count == 0)
            return [];
        var pixels = new byte[images.Count * source.Image.Bytes];
        for (var i = 0; i < images.Count; i++)
            test.Read(images[i], pixels.AsSpan(i * source.Image.Bytes, source.Image.Bytes));
        var network = Folding.Of(source, ClassNames.Of(source.Recipe.Dataset, source.Classes), thresholds: false);
        var margins = new Margins(network).Of(pixels, settings.Options.Device.Threads);
        if (Array.FindIndex(margins, margin => margin >= Margins.Least) is >= 0 and var wrong)
        {
            throw new HostException(ExitCode.Failure,
                $"the scores of image {Numbers.Text(images[wrong])} are not the engine's, and none of its values is near a sign's "
                + "threshold: nothing was written");
        }

        return
        [
            $"{Plural.Of(images.Count, "image")} with other scores, each with a value nearer than 1e-5 to a sign's "
                + $"threshold: {string.Join(", ", images.Select(image => Numbers.Text(image)))}",
        ];
    }

    private List<string> Words(Comparison result, IExportedForm form)
    {
        string Micros(TimeSpan time) => $"{Numbers.Grouped((long)Math.Round(time.TotalMicroseconds / result.Images))} us";
        string Percent(int right) => FormattableString.Invariant($"{100.0 * right / result.Images:f2} %");
        var lines = new List<string>
        {
            $"{Numbers.Grouped(result.Images - result.Differing.Count)} of {Numbers.Grouped(result.Images)} labels equal",
            $"an image takes {Micros(result.FormTime)} by {form.Reader}, {Micros(result.EngineTime)} in the engine",
        };
        if (WholeReals)
            lines.Add($"int8 in the real layers: {Percent(result.FormRight)} of the images right, {Percent(result.EngineRight)} before");
        return lines;
    }
}
