using ReSTE.Native.Datasets;
using ReSTE.Native.Files;
using ReSTE.Native.Images.Folders;

namespace ReSTE.Native.Images;

/// <summary>
/// Reads single image files as a network takes them. One of the network's size is taken as it is; of any other the shorter side is resized
/// and the square at its centre taken, as test images are. One thread uses it at a time.
/// </summary>
public sealed class ImageReader
{
    private readonly ImagePipeline _whole, _resized;

    /// <param name="side">Width and height of the network's images.</param>
    /// <param name="shortSide">What the shorter side of other images is resized to; at least the side.</param>
    public ImageReader(int side, int shortSide)
    {
        var options = new ImageFolderOptions { Side = side, ShortSide = shortSide };
        (Side, ShortSide) = (side, shortSide);
        _resized = new ImagePipeline(options);
        _whole = new ImagePipeline(options with { ShortSide = side });
    }

    /// <summary>Width and height of what it gives.</summary>
    public int Side { get; }

    /// <summary>What the shorter side of images of another size is resized to.</summary>
    public int ShortSide { get; }

    /// <summary>Images in a folder, by the endings of their names, in the order of these.</summary>
    /// <exception cref="DatasetException">There is no such folder, or it may not be listed.</exception>
    public static IReadOnlyList<string> FilesIn(string folder) => FolderTrouble.Explained<string[]>(folder,
        () => [.. Directory.EnumerateFiles(folder).Where(FolderScan.IsImage).Order(StringComparer.Ordinal)]);

    /// <summary>Reads an image into [side, side, 3] bytes; returns its size in the file.</summary>
    /// <exception cref="DatasetException">The file is missing, cannot be read, or is no image.</exception>
    public (int Width, int Height) Read(string path, Span<byte> pixels)
    {
        byte[] content = FolderTrouble.Explained(path, () => Content(path));
        try
        {
            (int Width, int Height) size = default;
            _whole.Centre(content, pixels, (width, height) => size = (width, height));
            if (size != (Side, Side) && ShortSide != Side)
                _resized.Centre(content, pixels);
            return size;
        }
        catch (ImageException problem)
        {
            throw FolderTrouble.Of(problem.Kind, path, problem.Message, problem);
        }
    }

    private static byte[] Content(string path)
    {
        using FileStream file = RegularFile.OpenRead(path, FileShare.ReadWrite | FileShare.Delete);
        ImagePipeline.CheckSize(file.Length);
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}
