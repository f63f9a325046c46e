using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>One run of a sweep.</summary>
/// <param name="Name">The varying flags and their values, as in "estimator=ReSTE,o_end=3,seed=1"; its folder's name too.</param>
/// <param name="Values">The same, flag by flag; a flag that the run does not use is left out.</param>
/// <param name="Settings">What is trained, and how.</param>
internal sealed record SweepCell(string Name, IReadOnlyList<KeyValuePair<string, string>> Values, Settings Settings)
{
    public const string Seed = "seed";

    /// <summary>The name without the seed: cells of one row differ in nothing else.</summary>
    public string Row { get; } = RowOf(Values);

    public Recipe Recipe => Settings.Recipe;

    public string Folder => Settings.Options.Folder;

    public string Metrics => Path.Combine(Folder, "metrics.csv");

    public string Checkpoint => Path.Combine(Folder, "checkpoint.safetensors");

    public static string NameOf(IEnumerable<KeyValuePair<string, string>> values) =>
        string.Join(',', values.Select(pair => $"{pair.Key}={pair.Value}"));

    /// <summary>Does something for a cell, and names it where that is refused.</summary>
    public static T Named<T>(string cell, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is HostException or RecipeException)
        {
            var known = Trouble.Explain(problem);
            var where = $"in the cell {cell}";
            throw new HostException(known.ExitCode, known.Message, known.Hint is { } hint ? $"{hint}; {where}" : where, problem);
        }
    }

    private static string RowOf(IEnumerable<KeyValuePair<string, string>> values)
    {
        var name = NameOf(values.Where(pair => pair.Key != Seed));
        return name.Length > 0 ? name : "all";
    }
}

/// <summary>A grid of runs, checked and ready to be run.</summary>
/// <param name="Folder">Holds the cells' folders.</param>
/// <param name="Flags">The flags that were given, in order.</param>
/// <param name="Cells">The runs, the last flag varying fastest.</param>
/// <param name="Device">What all of them share.</param>
/// <param name="Jobs">Cells side by side.</param>
/// <param name="Notices">What is to be known before they begin.</param>
internal sealed record Sweep(string Folder, IReadOnlyList<SweepFlag> Flags, IReadOnlyList<SweepCell> Cells, DeviceChoice Device, int Jobs,
    IReadOnlyList<string> Notices)
{
    /// <summary>The flags that make the rows of the table.</summary>
    public IReadOnlyList<string> Columns => [.. Flags.Where(flag => flag.Varies).Select(flag => flag.Word).Where(word =>
        word != SweepCell.Seed)];

    public IEnumerable<IGrouping<string, SweepCell>> Rows => Cells.GroupBy(cell => cell.Row);
}
