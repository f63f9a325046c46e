using ReSTE.Native.Datasets;
using ReSTE.Native.Export;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// One export: the network is written beside its target, run over the test images next to the engine, and takes its place only then.
/// </summary>
internal sealed class NetworkExport(HostContext context, Settings settings, IExportFormat format, string checkpoint, string target)
{
    private DataSplits? _data;

    /// <summary>Test images to compare, at most; 0 for none.</summary>
    public required int Images { get; init; }

    /// <summary>Whether the weights of real layers become bytes.</summary>
    public required bool WholeReals { get; init; }

    public int Run()
    {
        using var source = Open();
        var options = new ExportOptions(ClassNames.Of(source.Recipe.Dataset, source.Classes), WholeReals) { Samples = Samples(source) };
        var written = Path.GetFullPath(target) + $".{Guid.NewGuid():N}.tmp";
        try
        {
            Write(source, options, written);
            var lines = Images == 0 ? [] : new ExportComparison(context, settings, format, source, Test(source))
            {
                Images = Images,
                WholeReals = WholeReals,
            }.Run(written);
            Move(written);
            Report(source, lines);
            return ExitCode.Done;
        }
        catch (ExportException problem)
        {
            throw new HostException(ExitCode.Failure,
                $"'{checkpoint}' cannot be written as {format.Name}: {problem.Message}", null, problem);
        }
        finally
        {
            if (File.Exists(written))
                File.Delete(written);
        }
    }

    private ExportSource Open() =>
        FileMemory.OfCheckpoint(checkpoint, () => ExportSource.Open(checkpoint, settings.Options.Device.Threads, Foreign));

    // Another program's weights do not say what they are fed with: the data do.
    private ForeignNetwork Foreign()
    {
        context.Notify(settings.Notices);
        var recipe = settings.Recipe;
        var data = Normalisation.Of(recipe, Data(recipe));
        return new(recipe, data.Preprocessing, data.Test.Shape, data.Test.Classes);
    }

    private DataSplits Data(Recipe recipe)
    {
        var images = Images == int.MaxValue ? 0 : Math.Max(1, Math.Max(Images, format.Samples));
        var limited = recipe with { LimitTrain = 1, LimitTest = images };
        return _data ??= context.Engine.Open(limited, settings.Options.DataPath, settings.Options.Device);
    }

    private Dataset Test(ExportSource source)
    {
        var test = Data(source.Recipe).Test;
        return test.Shape == source.Image
            ? test
            : throw new HostException(ExitCode.Data, $"the test images are {test.Shape}, and the network takes {source.Image}");
    }

    // The first test images, where the data are read anyway.
    private IReadOnlyList<SampleImage> Samples(ExportSource source)
    {
        if (Images == 0 || format.Samples == 0)
            return [];
        var test = Test(source);
        return [.. Enumerable.Range(0, Math.Min(format.Samples, test.Count)).Select(Sample)];

        SampleImage Sample(int index)
        {
            var pixels = new byte[source.Image.Bytes];
            return new SampleImage(pixels, test.Read(index, pixels));
        }
    }

    private void Write(ExportSource source, ExportOptions options, string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);
            format.Write(source, options, stream);
            // The bytes before the name: a rename that reaches the disk first would leave an empty file after a power cut.
            stream.Flush(flushToDisk: true);
        }
        catch (Exception problem) when (TextFile.IsUnwritable(problem))
        {
            throw Unwritable(problem);
        }
    }

    private void Move(string written)
    {
        try
        {
            File.Move(written, target, overwrite: true);
        }
        catch (Exception problem) when (TextFile.IsUnwritable(problem))
        {
            throw Unwritable(problem);
        }
    }

    private HostException Unwritable(Exception problem) =>
        new(ExitCode.Failure, $"cannot write '{target}'", TextFile.Reason(target, problem), problem);

    private void Report(ExportSource source, IReadOnlyList<string> lines)
    {
        long bytes = new FileInfo(target).Length, whole = NetworkBytes(source);
        var share = FormattableString.Invariant($"1/{(double)whole / bytes:f1}");
        context.Out.WriteLine($"wrote {target}: {Numbers.Grouped(bytes)} bytes, {share} of the network's {Numbers.Grouped(whole)} in "
            + $"float32; {checkpoint} has {Numbers.Grouped(new FileInfo(checkpoint).Length)}");
        foreach (var line in lines)
            context.Out.WriteLine(line);
    }

    /// <summary>Bytes of all parameters and statistics as singles.</summary>
    private static long NetworkBytes(ExportSource source) => sizeof(float) * source.Numbers;
}
