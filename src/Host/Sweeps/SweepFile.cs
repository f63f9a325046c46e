namespace ReSTE.Native.Host;

/// <summary>sweep.txt: the flags that decide the results of a sweep, one a line, so that its folder is not taken for another's.</summary>
internal static class SweepFile
{
    private const string Name = "sweep.txt";

    /// <summary>
    /// Refuses a folder whose sweep is another one. A folder without the file has none, and one whose flags have some of this sweep's
    /// values and no others is extended: a cell's name and what it trains depend on its own values alone.
    /// </summary>
    /// <returns>What is extended, in one line; null where it is the same sweep.</returns>
    public static string? Check(Sweep sweep)
    {
        var path = PathOf(sweep);
        if (!File.Exists(path))
            return null;
        string[] saved = [.. File.ReadAllLines(path).Where(line => line.Length > 0)], asked = [.. Lines(sweep)];
        var added = sweep.Flags.Where(flag => flag.Varies && Extends(flag, saved)).ToArray();
        string[] kept = [.. saved.Where(line => !added.Any(flag => flag.Key == NameOf(line)))];
        var differences = Differences(kept, [.. asked.Where(line => !added.Any(flag => flag.Key == NameOf(line)))]).ToArray();
        if (differences.Length == 0 && !saved.Select(NameOf).SequenceEqual(asked.Select(NameOf)))
            differences = [$"its flags come in another order: {string.Join(' ', saved)}"];
        if (differences.Length > 0)
            throw HostException.Misuse($"the folder '{sweep.Folder}' belongs to another sweep: {string.Join("; ", differences)}",
                "repeat its flags, where those with several values may have more, or choose another folder with --results_dir");
        return Extension(sweep, saved, [.. added.Where(flag => flag.Values.Count > ValuesOf(Line(flag.Key, saved)).Length)]);
    }

    public static void Write(Sweep sweep) => TextFile.Replace(PathOf(sweep), string.Join('\n', Lines(sweep)) + "\n");

    private static string? Extension(Sweep sweep, string[] saved, SweepFlag[] added)
    {
        if (added.Length == 0)
            return null;
        var done = sweep.Cells.Count(cell => File.Exists(cell.Checkpoint) && CellNumbers.Read(cell) is not null);
        var values = added.Select(flag => $"{flag.Key} was {ValueOf(Line(flag.Key, saved))}, is {ValueOf(flag.Line)}");
        return $"the sweep in '{sweep.Folder}' is extended: {string.Join("; ", values)}; {Numbers.Text(done)} of " +
            $"{Plural.Of(sweep.Cells.Count, "cell")} are done and kept";
    }

    /// <summary>Whether a flag varied before, over some of its values and no others.</summary>
    private static bool Extends(SweepFlag flag, string[] saved) => Line(flag.Key, saved) is { } line && line != flag.Line
        && ValuesOf(line) is { Length: > 1 } values && values.All(flag.Values.Contains);

    private static string[] ValuesOf(string? line) => ValueOf(line).Split(',');

    private static string PathOf(Sweep sweep) => Path.Combine(sweep.Folder, Name);

    /// <summary>The order counts where it makes the cells' names, and nowhere else.</summary>
    private static IEnumerable<string> Lines(Sweep sweep)
    {
        var deciding = sweep.Flags.Where(SweepFlags.Decides).ToArray();
        return deciding.Where(flag => flag.Varies).Concat(deciding.Where(flag => !flag.Varies).OrderBy(flag => flag.Key,
            StringComparer.Ordinal))
            .Select(flag => flag.Line);
    }

    private static IEnumerable<string> Differences(string[] saved, string[] asked)
    {
        foreach (var name in saved.Concat(asked).Select(NameOf).Distinct())
        {
            var (was, now) = (Line(name, saved), Line(name, asked));
            if (was != now)
                yield return $"{name} was {ValueOf(was)}, is {ValueOf(now)}";
        }
    }

    private static string? Line(string name, string[] lines) => lines.FirstOrDefault(line => NameOf(line) == name);

    /// <summary>The flag, and of an argument of estimators its name: what stands before the values.</summary>
    private static string NameOf(string line) =>
        line.Split(line.StartsWith(SweepFlags.Arguments + ' ', StringComparison.Ordinal) ? '=' : ' ', 2)[0];

    private static string ValueOf(string? line) => line is null ? "not given"
        : line[NameOf(line).Length..] is { Length: > 0 } value ? value[1..] : "given";
}
