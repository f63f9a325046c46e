namespace ReSTE.Native.Images.Folders;

/// <summary>
/// The images of one part of a folder, such as `train`, in the order of a data set: one of each class in turn, so that the first of them
/// are of all classes alike.
/// </summary>
/// <param name="Folder">The part's folder.</param>
/// <param name="Classes">Names of the classes' folders, by label.</param>
/// <param name="Files">Paths of the images inside their class's folder, or the one they share.</param>
/// <param name="Labels">Their classes.</param>
/// <param name="Sizes">Their sizes in bytes.</param>
internal sealed record ImagePart(string Folder, IReadOnlyList<string> Classes, string[] Files, int[] Labels, long[] Sizes)
{
    public int Count => Files.Length;

    /// <summary>The folder that holds the images of all classes, where they have none of their own.</summary>
    public string? Shared { get; init; }

    public string PathOf(int image) => Path.Combine(Folder, Shared ?? Classes[Labels[image]], Files[image]);

    /// <summary>Deals out the images of all classes; each class's are sorted.</summary>
    public static ImagePart Of(string folder, IReadOnlyList<string> classes, IReadOnlyList<FoundFile[]> found)
    {
        int count = checked((int)found.Sum(files => (long)files.Length)), at = 0;
        var part = new ImagePart(folder, classes, new string[count], new int[count], new long[count]);
        int[] left = [.. Enumerable.Range(0, classes.Count)];
        for (int turn = 0; at < count; turn++)
        {
            left = [.. left.Where(label => found[label].Length > turn)];
            foreach (int label in left)
            {
                (part.Files[at], part.Sizes[at]) = (found[label][turn].Path, found[label][turn].Bytes);
                part.Labels[at++] = label;
            }
        }
        return part;
    }
}

/// <summary>An image file.</summary>
/// <param name="Path">Its path inside its class's folder.</param>
/// <param name="Bytes">Its size.</param>
internal readonly record struct FoundFile(string Path, long Bytes);
