using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Images;

/// <summary>
/// Images that lie encoded somewhere and are decoded whenever they are read, by as many pipelines as threads have read at once.
/// </summary>
internal abstract class DecodedDataset(ImageFolderOptions options) : Dataset
{
    private const int Channels = 3;

    private readonly Kept<Reader> _kept = new(() => new Reader(new ImagePipeline(options)));

    /// <inheritdoc/>
    public override string Name => options.Name;

    /// <inheritdoc/>
    public override ImageShape Shape => new(options.Side, options.Side, Channels);

    /// <inheritdoc/>
    public override bool IsStreamed => true;

    /// <inheritdoc/>
    public override int Read(int index, Span<byte> pixels) => Make(index, null, pixels);

    /// <inheritdoc/>
    public override int ReadAugmented(int index, ulong seed, int epoch, Span<byte> pixels) => Make(index, (seed, epoch), pixels);

    /// <summary>The sum of what is known of the images without opening one.</summary>
    public override string Identity(int count, CancellationToken stop = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(FormattableString line) => hash.AppendData(Encoding.UTF8.GetBytes(line.ToString(CultureInfo.InvariantCulture)));
        Add($"{count} images of {Shape} from {options.ShortSide} in {Classes} ");
        foreach (FormattableString line in Known(count))
        {
            stop.ThrowIfCancellationRequested();
            Add(line);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The class of an image.</summary>
    protected abstract int LabelOf(int index);

    /// <summary>What an image's file or record holds. It may lie in the buffer, and is void with the next one.</summary>
    protected abstract ReadOnlySpan<byte> Content(int index, ContentBuffer buffer);

    /// <summary>What tells the first images from any others, in lines; the first one begins with what the classes are.</summary>
    protected abstract IEnumerable<FormattableString> Known(int count);

    /// <summary>A failure to read an image in words that name it; null for a fault that is not the data's.</summary>
    protected abstract DatasetException? Explain(int index, Exception problem);

    private int Make(int index, (ulong Seed, int Epoch)? drawn, Span<byte> pixels)
    {
        Reader reader = _kept.Take();
        try
        {
            ReadOnlySpan<byte> content = Content(index, reader.Buffer);
            if (drawn is var (seed, epoch))
                reader.Pipeline.Part(content, seed, epoch, index, pixels);
            else
                reader.Pipeline.Centre(content, pixels);
        }
        catch (Exception problem) when (Explain(index, problem) is { } explained)
        {
            throw explained;
        }
        finally
        {
            _kept.Give(reader);
        }
        return LabelOf(index);
    }

    private sealed class Reader(ImagePipeline pipeline)
    {
        public ImagePipeline Pipeline => pipeline;

        public ContentBuffer Buffer { get; } = new();
    }
}

/// <summary>Memory for the content of one image after another; what is unusually large is not kept.</summary>
internal sealed class ContentBuffer
{
    private const int MostKept = 16 << 20;
    private byte[] _bytes = [];

    /// <summary>Room for some bytes; what was in it is void.</summary>
    public Span<byte> Begin(int length)
    {
        if (_bytes.Length < length || _bytes.Length > MostKept)
            _bytes = GC.AllocateUninitializedArray<byte>(length);
        return _bytes.AsSpan(0, length);
    }
}
