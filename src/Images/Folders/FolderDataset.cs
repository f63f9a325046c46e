using Microsoft.Win32.SafeHandles;
using ReSTE.Native.Datasets;
using ReSTE.Native.Files;

namespace ReSTE.Native.Images.Folders;

/// <summary>Images in a folder, opened and decoded whenever they are read.</summary>
internal sealed class FolderDataset(ImagePart part, ImageFolderOptions options) : DecodedDataset(options)
{
    /// <inheritdoc/>
    public override int Count => part.Count;

    /// <inheritdoc/>
    public override int Classes => part.Classes.Count;

    /// <inheritdoc/>
    protected override int LabelOf(int index) => part.Labels[index];

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Content(int index, ContentBuffer buffer)
    {
        string path = part.PathOf(index);
        // What has a size has an end. Looking again at every file would cost as much as opening it.
        if (part.Sizes[index] == 0)
            RegularFile.OpenRead(path).Dispose();
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        long length = RandomAccess.GetLength(file);
        ImagePipeline.CheckSize(length);
        Span<byte> content = buffer.Begin((int)length);
        int read = 0;
        while (read < length && RandomAccess.Read(file, content[read..], read) is > 0 and var more)
            read += more;
        return content[..read];
    }

    /// <summary>All classes' names, and the images' paths inside the part's folder with their sizes.</summary>
    protected override IEnumerable<FormattableString> Known(int count)
    {
        yield return $"folders\n";
        foreach (string name in part.Classes)
            yield return $"{name}\0";
        for (int i = 0; i < count; i++)
            yield return $"{part.Labels[i]}/{part.Files[i]}\0{part.Sizes[i]}\n";
    }

    /// <inheritdoc/>
    protected override DatasetException? Explain(int index, Exception problem)
    {
        string path = part.PathOf(index);
        return problem is ImageException image
            ? FolderTrouble.Of(image.Kind, path, image.Kind == DatasetFault.Unreadable
                ? image.Message
                : $"{image.Message}; replace the file or take it out of the folder", image)
            : FolderTrouble.Explain(path, problem);
    }
}
