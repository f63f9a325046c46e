using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using ReSTE.Native.Datasets;
using ReSTE.Native.Files;

namespace ReSTE.Native.Images.Folders;

/// <summary>Images in a folder, opened and decoded whenever they are read.</summary>
internal sealed class FolderDataset(ImagePart part, ImageFolderOptions options) : Dataset
{
    private const int Channels = 3;

    private readonly Kept<Reader> _kept = new(() => new Reader(new ImagePipeline(options)));

    /// <inheritdoc/>
    public override string Name => options.Name;

    /// <inheritdoc/>
    public override int Count => part.Count;

    /// <inheritdoc/>
    public override int Classes => part.Classes.Count;

    /// <inheritdoc/>
    public override ImageShape Shape => new(options.Side, options.Side, Channels);

    /// <inheritdoc/>
    public override bool IsStreamed => true;

    /// <inheritdoc/>
    public override int Read(int index, Span<byte> pixels)
    {
        var reader = _kept.Take();
        try
        {
            reader.Pipeline.Centre(reader.Content(part.PathOf(index), part.Sizes[index]), pixels);
        }
        catch (Exception problem) when (Explain(index, problem) is { } explained)
        {
            throw explained;
        }
        finally
        {
            _kept.Give(reader);
        }
        return part.Labels[index];
    }

    /// <inheritdoc/>
    public override int ReadAugmented(int index, ulong seed, int epoch, Span<byte> pixels)
    {
        var reader = _kept.Take();
        try
        {
            reader.Pipeline.Part(reader.Content(part.PathOf(index), part.Sizes[index]), seed, epoch, index, pixels);
        }
        catch (Exception problem) when (Explain(index, problem) is { } explained)
        {
            throw explained;
        }
        finally
        {
            _kept.Give(reader);
        }
        return part.Labels[index];
    }

    /// <summary>The sum of the images' paths inside the part's folder, their sizes and all classes' names; no image is opened.</summary>
    public override string Identity(int count, CancellationToken stop = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(FormattableString line) => hash.AppendData(Encoding.UTF8.GetBytes(line.ToString(CultureInfo.InvariantCulture)));
        Add($"{count} images of {Shape} from {options.ShortSide} in {Classes} folders\n");
        foreach (string name in part.Classes)
            Add($"{name}\0");
        for (int i = 0; i < count; i++)
        {
            stop.ThrowIfCancellationRequested();
            Add($"{part.Labels[i]}/{part.Files[i]}\0{part.Sizes[i]}\n");
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private DatasetException? Explain(int index, Exception problem)
    {
        string path = part.PathOf(index);
        return problem is ImageException image
            ? FolderTrouble.Of(image.Kind, path, image.Kind == DatasetFault.Unreadable
                ? image.Message
                : $"{image.Message}; replace the file or take it out of the folder", image)
            : FolderTrouble.Explain(path, problem);
    }

    private sealed class Reader(ImagePipeline pipeline)
    {
        private const int MostKept = 16 << 20;
        private byte[] _content = [];

        public ImagePipeline Pipeline => pipeline;

        /// <summary>The bytes of a file that had a size when it was found; they are void with the next one.</summary>
        public ReadOnlySpan<byte> Content(string path, long size)
        {
            // What has a size has an end. Looking again at every file would cost as much as opening it.
            if (size == 0)
                RegularFile.OpenRead(path).Dispose();
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            long length = RandomAccess.GetLength(file);
            if (length > ImagePipeline.MostBytes)
                throw new ImageException(DatasetFault.OtherForm, "it is too large for an image");
            if (_content.Length < length || _content.Length > MostKept)
                _content = GC.AllocateUninitializedArray<byte>((int)length);
            int read = 0;
            while (read < length && RandomAccess.Read(file, _content.AsSpan(read, (int)length - read), read) is > 0 and var more)
                read += more;
            return _content.AsSpan(0, read);
        }
    }
}
