namespace ReSTE.Native.Host;

/// <summary>sweep.txt: the flags that decide the results of a sweep, one a line, so that its folder is not taken for another's.</summary>
internal static class SweepFile
{
    private const string Name = "sweep.txt";

    /// <summary>Refuses a folder whose sweep is another one. A folder without the file has none.</summary>
    public static void Check(Sweep sweep)
    {
        var path = PathOf(sweep);
        if (!File.Exists(path))
            return;
        string[] saved = [.. File.ReadAllLines(path).Where(line => line.Length > 0)], asked = [.. Lines(sweep)];
        var differences = Differences(saved, asked).ToArray();
        if (differences.Length == 0 && !saved.SequenceEqual(asked))
            differences = [$"its flags come in another order: {string.Join(' ', saved)}"];
        if (differences.Length > 0)
            throw HostException.Misuse($"the folder '{sweep.Folder}' belongs to another sweep: {string.Join("; ", differences)}",
                "repeat its flags, or choose another folder with --results_dir");
    }

    public static void Write(Sweep sweep) => TextFile.Replace(PathOf(sweep), string.Join('\n', Lines(sweep)) + "\n");

    private static string PathOf(Sweep sweep) => Path.Combine(sweep.Folder, Name);

    /// <summary>The order counts where it makes the cells' names, and nowhere else.</summary>
    private static IEnumerable<string> Lines(Sweep sweep)
    {
        var deciding = sweep.Flags.Where(SweepFlags.Decides).ToArray();
        return deciding.Where(flag => flag.Varies).Concat(deciding.Where(flag => !flag.Varies).OrderBy(flag => flag.Name,
            StringComparer.Ordinal))
            .Select(flag => flag.Line);
    }

    private static IEnumerable<string> Differences(string[] saved, string[] asked)
    {
        foreach (var name in saved.Concat(asked).Select(NameOf).Distinct())
        {
            var (was, now) = (saved.FirstOrDefault(line => NameOf(line) == name), asked.FirstOrDefault(line => NameOf(line) == name));
            if (was != now)
                yield return $"{name} was {Value(was)}, is {Value(now)}";
        }
    }

    private static string NameOf(string line) => line.Split(' ', 2)[0];

    private static string Value(string? line) => line is null ? "not given" : line.Split(' ', 2) is [_, var value] ? value : "given";
}
