using ReSTE.Native.Inference;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export;

/// <summary>The packed file, which <see cref="BinaryModel"/> opens.</summary>
public sealed class PackedFormat : IExportFormat
{
    /// <inheritdoc/>
    public string Name => "packed";

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public void Write(ExportSource source, ExportOptions options, Stream target) =>
        target.Write(PackedFile.Write(Folding.Of(source, options.Classes, options.WholeReals)));

    /// <inheritdoc/>
    public IExportedForm Open(string path, int threads) => new Form(BinaryModel.Open(path, threads));

    private sealed class Form(BinaryModel model) : IExportedForm
    {
        public string Reader => "ReSTE.Native.Inference";

        public float[][] Logits(ReadOnlySpan<byte> images)
        {
            var scores = new float[images.Length / model.ImageBytes * model.Classes.Count];
            model.Scores(images, scores);
            return [.. scores.Chunk(model.Classes.Count)];
        }

        public void Dispose() => model.Dispose();
    }
}
