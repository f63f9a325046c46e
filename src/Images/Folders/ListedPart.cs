using System.Text;
using ReSTE.Native.Datasets;
using ReSTE.Native.Files;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Images.Folders;

/// <summary>
/// A part whose images lie in one folder, with a list of their classes beside it, as TinyImageNet's validation images do: `images` and
/// `val_annotations.txt`, a line an image, its fields parted by tabs: file, class, and a box that is not looked at.
/// </summary>
internal sealed class ListedPart(string folder, IReadOnlyList<string> classes, string train)
{
    public const string ImagesFolder = "images", ListName = "val_annotations.txt";

    // A list of ten million images is smaller.
    private const long MostBytes = 1 << 30;

    private const int LongestName = 100;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _images = Path.Combine(folder, ImagesFolder), _list = Path.Combine(folder, ListName);

    /// <summary>Whether a part is one: its only folder is called `images`, which is no class.</summary>
    public static bool Is(string[] folders, string[] classes) => folders is [ImagesFolder] && !classes.Contains(ImagesFolder);

    /// <summary>The images of the list, and a word about those that it does not name.</summary>
    /// <exception cref="DatasetException">The list is missing, or a line of it is wrong.</exception>
    public (ImagePart Part, string? LeftOut) Read()
    {
        var lines = Lines();
        var files = FolderScan.Files(_images);
        var left = files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var labels = classes.Index().ToDictionary(one => one.Item, one => one.Index, StringComparer.Ordinal);
        var found = classes.Select(_ => new List<FoundFile>()).ToArray();
        foreach (var (number, line) in lines)
        {
            var (name, label) = Entry(number, line, labels);
            string told = OneLine.Of(name, LongestName);
            if (!left.Remove(name, out var file))
            {
                throw Wrong(number, files.Any(one => one.Path == name)
                    ? $"{told} has a line already"
                    : $"there is no {told} in {_images}; put it there or take the line out");
            }
            found[label].Add(file);
        }
        var sorted = found.Select(ofClass => ofClass.OrderBy(file => file.Path, StringComparer.Ordinal).ToArray()).ToArray();
        return (ImagePart.Of(folder, classes, sorted) with { Shared = ImagesFolder }, Words(left.Keys));
    }

    private (string Name, int Label) Entry(int number, string line, Dictionary<string, int> labels)
    {
        if (line.Split('\t') is not [{ Length: > 0 } file, { Length: > 0 } named, ..])
            throw Wrong(number, "it does not have the name of an image's file, a tab, and the name of its class");
        if (labels.TryGetValue(named, out int label))
            return (file, label);
        throw Wrong(number, $"the class {OneLine.Of(named, LongestName)} is not in {train}: every class to be judged by must be one to "
            + "train on");
    }

    private (int Number, string Text)[] Lines()
    {
        (int, string)[] lines = [.. FolderTrouble.Explained(_list, Text).Split('\n').Index()
            .Select(line => (line.Index + 1, line.Item.TrimEnd('\r', ' '))).Where(line => line.Item2.Length > 0)];
        return lines.Length > 0 ? lines : throw FolderTrouble.Of(DatasetFault.Missing, _list, "it names no image");
    }

    private string Text()
    {
        if (!Path.Exists(_list))
        {
            throw FolderTrouble.Of(DatasetFault.Missing, _list, $"missing: it has the class of each image in {_images}; put it there, or "
                + "move each image into a folder of its class's name");
        }
        using var file = RegularFile.OpenRead(_list);
        if (file.Length > MostBytes)
            throw FolderTrouble.Of(DatasetFault.OtherForm, _list, "it is too long for a list of images");
        using var reader = new StreamReader(file, s_strict);
        try
        {
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException problem)
        {
            throw FolderTrouble.Of(DatasetFault.OtherForm, _list, "it is no text (UTF-8)", problem);
        }
    }

    private DatasetException Wrong(int number, string what) =>
        FolderTrouble.Of(DatasetFault.NotWhatItSays, _list, $"line {number}: {what}");

    private string? Words(ICollection<string> left) => left.Count switch
    {
        0 => null,
        1 => $"1 image has no line in {_list} and is left out: {OneLine.Of(left.First())}",
        _ => $"{left.Count} images have no line in {_list} and are left out: {OneLine.Of(left.Min(StringComparer.Ordinal)!)} is the first",
    };
}
