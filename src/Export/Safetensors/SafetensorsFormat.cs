using System.Text.Json;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Export.Safetensors;

/// <summary>
/// Safetensors for PyTorch: signs and scales of the binary layers and whatever the others hold, by published names. A plain model that
/// takes the sign of what its binary layers read gives the same scores; docs/exports.md has one.
/// </summary>
public sealed class SafetensorsFormat : IExportFormat
{
    internal const string NetworkKey = "network", DatasetKey = "dataset", ClassesKey = "classes", ImageKey = "image", MeanKey = "mean",
        DeviationKey = "std";

    /// <inheritdoc/>
    public string Name => "safetensors";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public void Write(ExportSource source, ExportOptions options, Stream target)
    {
        var writer = new SafetensorsWriter();
        writer.AddMetadata("format", "pt");
        writer.AddMetadata(NetworkKey, source.Recipe.Model);
        writer.AddMetadata(DatasetKey, source.Recipe.Dataset);
        writer.AddMetadata(ClassesKey, JsonSerializer.Serialize(options.Classes));
        writer.AddMetadata(ImageKey, JsonSerializer.Serialize((int[])[source.Image.Height, source.Image.Width, source.Image.Channels]));
        writer.AddMetadata(MeanKey, JsonSerializer.Serialize(source.Preprocessing.Mean));
        writer.AddMetadata(DeviationKey, JsonSerializer.Serialize(source.Preprocessing.Deviation));
        new TorchTensors(source, writer).Add(Folding.Of(source, options.Classes, thresholds: false));
        writer.WriteTo(target);
    }

    /// <inheritdoc/>
    public IExportedForm Open(string path, int threads)
    {
        try
        {
            return new PlainNetwork(SafetensorsFile.Open(path), threads);
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or Training.RecipeException)
        {
            string why = problem.Message.ReplaceLineEndings(" ");
            throw new ExportException($"{path}: is not a network that was exported as safetensors: {why}");
        }
    }
}
