using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Folders;

namespace ReSTE.Native.Images.Shards;

/// <summary>Images in Parquet shards, decoded whenever they are read.</summary>
internal sealed class ShardDataset(ShardStore store, int classes, ImageFolderOptions options) : DecodedDataset(options)
{
    /// <inheritdoc/>
    public override int Count => store.Labels.Length;

    /// <inheritdoc/>
    public override int Classes => classes;

    /// <inheritdoc/>
    protected override int LabelOf(int index) => store.Labels[index];

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Content(int index, ContentBuffer buffer) => store.Read(index);

    /// <summary>The shards' names and sizes, and the labels.</summary>
    protected override IEnumerable<FormattableString> Known(int count)
    {
        yield return $"classes\n";
        foreach (ShardFile file in store.Files)
            yield return $"{Path.GetFileName(file.Path)}\0{file.Length}\n";
        for (int i = 0; i < count; i++)
            yield return $"{store.Labels[i]}\n";
    }

    /// <inheritdoc/>
    protected override DatasetException? Explain(int index, Exception problem)
    {
        var (path, row) = store.PlaceOf(index);
        return problem is ImageException image
            ? FolderTrouble.Of(image.Kind, path, $"{row}: {image.Message}", image)
            : FolderTrouble.Explain(path, problem);
    }
}
