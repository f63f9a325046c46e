using System.Globalization;
using System.IO.Enumeration;
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
        if (parts[0].Length == 0 || test.Length == 0)
        {
            throw FolderTrouble.Of(DatasetFault.Missing, folder,
                $"no {(test.Length > 0 ? "train" : "validation or test")} part among its Parquet files: the part is the first word of a "
                + $"name, as in train-00000-of-00001{Ending}");
        }
        CheckOne(folder, parts[0]);
        CheckOne(folder, test);
        return (parts[0], test);
    }

    // Links to files are followed, for so a cache of downloads is laid out; links to folders are not, which may lead to the same files.
    private static FileSystemEnumerable<string> Files(string folder, bool ignoreInaccessible) =>
        new(folder, (ref FileSystemEntry file) => file.ToSpecifiedFullPath(), new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = Deepest,
            IgnoreInaccessible = ignoreInaccessible,
            AttributesToSkip = 0,
        })
        {
            ShouldIncludePredicate = (ref FileSystemEntry file) =>
                !file.IsDirectory && file.FileName.EndsWith(Ending, StringComparison.Ordinal),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };

    /// <summary>Refuses files of several sets, or not all of one's.</summary>
    private static void CheckOne(string folder, string[] files)
    {
        string parent = Path.GetDirectoryName(files[0])!;
        if (files.FirstOrDefault(file => Path.GetDirectoryName(file) != parent) is { } other)
        {
            throw FolderTrouble.Of(DatasetFault.NotWhatItSays, folder,
                $"its Parquet files of the {PartOf(files[0])} part lie in more than one folder, {parent} and "
                + $"{Path.GetDirectoryName(other)}: give the folder of one set");
        }
        Match[] numbered = [.. files.Select(file => Numbered().Match(Path.GetFileName(file))).Where(match => match.Success)];
        if (numbered.Length > 0)
            CheckNumbers(parent, numbered);
    }

    /// <summary>Refuses files whose names do not count up to the number of files that they say.</summary>
    private static void CheckNumbers(string parent, Match[] files)
    {
        string At(string name) => Path.Combine(parent, name);
        Match first = files[0];
        string count = first.Groups["count"].Value;
        if (files.FirstOrDefault(file => file.Groups["count"].Value != count) is { } stranger)
        {
            throw FolderTrouble.Of(DatasetFault.NotWhatItSays, At(stranger.Value),
                $"it is not of the same {count} files as {At(first.Value)}");
        }
        var there = files.Select(file => int.Parse(file.Groups["number"].Value, CultureInfo.InvariantCulture)).ToHashSet();
        int total = int.Parse(count, CultureInfo.InvariantCulture), missing = 0;
        while (missing < total && there.Contains(missing))
            missing++;
        if (missing < total)
        {
            string number = missing.ToString(CultureInfo.InvariantCulture).PadLeft(first.Groups["number"].Length, '0');
            throw FolderTrouble.Of(DatasetFault.Missing, At($"{first.Groups["name"].Value}-{number}-of-{count}{Ending}"),
                FormattableString.Invariant($"missing: {there.Count} of the {total} files of this part are there"));
        }
        if (files.Length != total)
        {
            throw FolderTrouble.Of(DatasetFault.NotWhatItSays, parent, FormattableString.Invariant(
                $"it holds {files.Length} files of a part that has {total}, {first.Value} among them"));
        }
    }

    private static string PartOf(string file)
    {
        string name = Word().Match(Path.GetFileName(file)).Value;
        return s_parts.Any(names => names.Contains(name)) ? name : Path.GetFileName(Path.GetDirectoryName(file)) ?? "";
    }

    [GeneratedRegex("^[a-z]+")]
    private static partial Regex Word();

    [GeneratedRegex("^(?<name>.*)-(?<number>[0-9]{1,9})-of-(?<count>[0-9]{1,9}).*$")]
    private static partial Regex Numbered();
}
