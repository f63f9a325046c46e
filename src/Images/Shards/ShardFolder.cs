using System.Text.RegularExpressions;
using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Folders;

namespace ReSTE.Native.Images.Shards;

/// <summary>
/// Finds the shards of each part in a folder or below it, by the word that their names begin with, such as `train-00000-of-00002.parquet`,
/// or else by their folder's name.
/// </summary>
internal static partial class ShardFolder
{
    private const string Ending = ".parquet";

    // Such as data/train/0000.parquet below a folder of several sets.
    private const int Deepest = 4;

    // The images a run is judged by: where there is a part for that, what is called test has no labels.
    private static readonly string[][] s_parts = [["train"], ["validation", "valid", "val"], ["test"]];

    /// <summary>Whether a folder holds any that can be seen: whoever looks for something else there says what may not be read.</summary>
    public static bool HasAny(string folder) => Directory.Exists(folder) && Files(folder, ignoreInaccessible: true).Any();

    /// <summary>The shards of both parts, sorted.</summary>
    /// <exception cref="DatasetException">A part has none.</exception>
    public static (string[] Train, string[] Test) Find(string folder)
    {
        string[][] parts = FolderTrouble.Explained(folder, () =>
        {
            string[] files = [.. Files(folder, ignoreInaccessible: false).Order(StringComparer.Ordinal)];
            return s_parts.Select(names => files.Where(file => names.Contains(PartOf(file))).ToArray()).ToArray();
        });
        string[] test = parts[1].Length > 0 ? parts[1] : parts[2];
        return parts[0].Length > 0 && test.Length > 0 ? (parts[0], test) : throw FolderTrouble.Of(DatasetFault.Missing, folder,
            $"no {(test.Length > 0 ? "train" : "validation or test")} part among its Parquet files: the part is the first word of a name, "
            + $"as in train-00000-of-00001{Ending}");
    }

    private static IEnumerable<string> Files(string folder, bool ignoreInaccessible) =>
        Directory.EnumerateFiles(folder, "*" + Ending, new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = Deepest,
            IgnoreInaccessible = ignoreInaccessible,
            AttributesToSkip = 0,
        });

    private static string PartOf(string file)
    {
        string name = Word().Match(Path.GetFileName(file)).Value;
        return s_parts.Any(names => names.Contains(name)) ? name : Path.GetFileName(Path.GetDirectoryName(file)) ?? "";
    }

    [GeneratedRegex("^[a-z]+")]
    private static partial Regex Word();
}
