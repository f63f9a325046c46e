using System.Collections.Concurrent;
using System.IO.Enumeration;
using ReSTE.Native.Datasets;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Images.Folders;

/// <summary>
/// Finds the images of a part's folder as torchvision's ImageFolder does: every sub-folder is a class, every file in it or deeper whose
/// name has one of the known endings is an image. Links to files and to a class's folder are followed, links to folders inside a class are
/// not.
/// </summary>
internal static class FolderScan
{
    private static readonly string[] s_endings = [".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"];

    /// <summary>The names of the classes, in ordinal order.</summary>
    /// <exception cref="DatasetException">The folder is missing, may not be read, or holds no folder.</exception>
    public static string[] Classes(string folder)
    {
        string[] names = FolderTrouble.Explained(folder, () => new DirectoryInfo(folder).GetDirectories().Select(d => d.Name).ToArray());
        Array.Sort(names, StringComparer.Ordinal);
        if (names.Length > 0)
            return names;
        bool isFlat = FolderTrouble.Explained(folder, () => Directory.EnumerateFiles(folder).Any(IsImage));
        throw FolderTrouble.Of(DatasetFault.Missing, folder, isFlat
            ? "its images lie in no folders: move each into a folder of its class's name"
            : "it holds no folder: each class has one of its own, with its images in it");
    }

    /// <summary>The images of some classes, and a word about files that are none.</summary>
    /// <param name="folder">The part's folder.</param>
    /// <param name="classes">By label.</param>
    /// <param name="present">Which of them have a folder.</param>
    public static (ImagePart Part, string? LeftOut) Read(string folder, IReadOnlyList<string> classes, IReadOnlySet<string> present)
    {
        var found = new FoundFile[classes.Count][];
        var leftOut = new LeftOut();
        var failures = new ConcurrentDictionary<int, Exception>();
        Parallel.For(0, classes.Count, label =>
        {
            try
            {
                found[label] = present.Contains(classes[label]) ? ReadClass(Path.Combine(folder, classes[label]), leftOut) : [];
            }
            catch (DatasetException problem)
            {
                failures[label] = problem;
            }
        });
        if (!failures.IsEmpty)
            throw failures.MinBy(failure => failure.Key).Value;
        return (ImagePart.Of(folder, classes, found), leftOut.Words());
    }

    /// <summary>The images of one folder, of whatever class, sorted; none is no fault.</summary>
    public static FoundFile[] Files(string folder) => Sorted(folder, new());

    private static FoundFile[] ReadClass(string folder, LeftOut leftOut)
    {
        FoundFile[] files = Sorted(folder, leftOut);
        return files.Length > 0 ? files : throw FolderTrouble.Of(DatasetFault.Missing, folder,
            $"the class has no image (a name that ends in {string.Join(", ", s_endings)}); remove the folder or fill it");
    }

    private static FoundFile[] Sorted(string folder, LeftOut leftOut)
    {
        FoundFile[] files = FolderTrouble.Explained(folder, () => Images(folder, leftOut).ToArray());
        Array.Sort(files, (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files;
    }

    private static FileSystemEnumerable<FoundFile> Images(string folder, LeftOut leftOut)
    {
        // What is found is told by its full path.
        int prefix = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)).Length + 1;
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = 0 };
        return new(folder, (ref FileSystemEntry file) => new FoundFile(file.ToFullPath()[prefix..], Bytes(ref file)), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry file) =>
            {
                if (file.IsDirectory)
                    return false;
                bool isImage = IsImage(file.FileName);
                if (!isImage)
                    leftOut.Add(file.ToFullPath());
                return isImage;
            },
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
    }

    /// <summary>A link's own size says nothing of its image.</summary>
    private static long Bytes(ref FileSystemEntry file) => file.Attributes.HasFlag(FileAttributes.ReparsePoint)
        && File.ResolveLinkTarget(file.ToFullPath(), returnFinalTarget: true) is FileInfo { Exists: true } target
            ? target.Length
            : file.Length;

    internal static bool IsImage(string path) => IsImage(path.AsSpan());

    internal static bool IsImage(ReadOnlySpan<char> name)
    {
        foreach (string ending in s_endings)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <summary>Files that are no images: how many, and the first by name.</summary>
    private sealed class LeftOut
    {
        private int _count;
        private string? _first;

        public void Add(string path)
        {
            lock (this)
            {
                _count++;
                if (_first is null || string.CompareOrdinal(path, _first) < 0)
                    _first = path;
            }
        }

        public string? Words() => _count switch
        {
            0 => null,
            1 => $"1 file has no image's ending and is left out: {OneLine.Of(_first!)}",
            _ => $"{_count} files have no image's ending and are left out: {OneLine.Of(_first!)} is the first",
        };
    }
}
