using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Folders;

namespace ReSTE.Native.Images.Shards;

/// <summary>Images in Parquet shards, decoded whenever they are read.</summary>
internal sealed class ShardDataset(ShardStore store, int classes, ImageFolderOptions options) : Dataset
{
    private const int Channels = 3;

    private readonly Kept<ImagePipeline> _kept = new(() => new ImagePipeline(options));

    /// <inheritdoc/>
    public override string Name => options.Name;

    /// <inheritdoc/>
    public override int Count => store.Labels.Length;

    /// <inheritdoc/>
    public override int Classes => classes;

    /// <inheritdoc/>
    public override ImageShape Shape => new(options.Side, options.Side, Channels);

    /// <inheritdoc/>
    public override bool IsStreamed => true;

    /// <inheritdoc/>
    public override int Read(int index, Span<byte> pixels)
    {
        byte[] content = store.Read(index);
        var pipeline = _kept.Take();
        try
        {
            pipeline.Centre(content, pixels);
        }
        catch (Exception problem) when (Explain(index, problem) is { } explained)
        {
            throw explained;
        }
        finally
        {
            _kept.Give(pipeline);
        }
        return store.Labels[index];
    }

    /// <inheritdoc/>
    public override int ReadAugmented(int index, ulong seed, int epoch, Span<byte> pixels)
    {
        byte[] content = store.Read(index);
        var pipeline = _kept.Take();
        try
        {
            pipeline.Part(content, seed, epoch, index, pixels);
        }
        catch (Exception problem) when (Explain(index, problem) is { } explained)
        {
            throw explained;
        }
        finally
        {
            _kept.Give(pipeline);
        }
        return store.Labels[index];
    }

    /// <summary>The sum of the shards' names and sizes and of the labels; no image is read.</summary>
    public override string Identity(int count, CancellationToken stop = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(FormattableString line) => hash.AppendData(Encoding.UTF8.GetBytes(line.ToString(CultureInfo.InvariantCulture)));
        Add($"{count} images of {Shape} from {options.ShortSide} in {Classes} classes\n");
        foreach (ShardFile file in store.Files)
            Add($"{Path.GetFileName(file.Path)}\0{file.Length}\n");
        foreach (int label in store.Labels.AsSpan(0, count))
            Add($"{label}\n");
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private DatasetException? Explain(int index, Exception problem)
    {
        var (path, row) = store.PlaceOf(index);
        return problem is ImageException image
            ? FolderTrouble.Of(image.Kind, path, $"{row}: {image.Message}", image)
            : FolderTrouble.Explain(path, problem);
    }
}
