using System.CommandLine;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// Makes the cells of a grid out of flags with lists of values. Each cell is read as the command line of a run would be, so that a value
/// no run would take is refused before anything runs.
/// </summary>
internal sealed class SweepReader(SweepFlags flags, IEngine engine)
{
    private const int MostCells = 10_000;

    private static readonly string[] s_device = ["--device", "--gpus"];

    private readonly List<string> _notices = [];

    /// <param name="parsed">The flags as given.</param>
    /// <param name="defaults">Flags that count where they are not given, and come first.</param>
    public Sweep Read(ParseResult parsed, params SweepFlag[] defaults)
    {
        var given = flags.Given(parsed);
        SweepFlag[] all =
        [
            .. defaults.Select(flag => given.FirstOrDefault(other => other.Name == flag.Name) ?? flag),
            .. given.Where(flag => !defaults.Any(other => other.Name == flag.Name)),
        ];
        var combinations = Combinations([.. all.Where(flag => flag.Varies)]);
        var first = ReadRun([.. all.Where(flag => !flag.Varies).SelectMany(Tokens), .. combinations[0].Select(Token)]);
        if (combinations.Length == 1)
            throw HostException.Misuse("nothing varies in this sweep", "give a flag several values, as in --seed 1..5 or --o_end 1,2,3");
        SweepCell[] cells = [.. combinations.Select(values => Cell(all, values, first.Options)).DistinctBy(cell => cell.Name)];
        _notices.AddRange(cells.SelectMany(cell => cell.Settings.Notices));
        var jobs = Jobs(flags.Jobs.In(parsed), first.Options.Device, cells.Length);
        return new(first.Options.ResultsDir, all, cells, first.Options.Device, jobs, [.. first.Notices.Concat(_notices).Distinct()]);
    }

    private int Jobs(int asked, DeviceChoice device, int cells)
    {
        if (device.Kind != DeviceKind.Cpu)
        {
            if (asked > 1)
                _notices.Add($"{flags.Jobs.Name} {Numbers.Text(asked)} is not used: a GPU trains one cell at a time");
            return 1;
        }
        return Math.Min(cells, asked > 0 ? asked : device.Threads);
    }

    private static IReadOnlyList<KeyValuePair<string, string>>[] Combinations(SweepFlag[] varying)
    {
        if (varying.Aggregate(1m, (product, flag) => product * flag.Values.Count) is > MostCells and var count)
            throw HostException.Misuse($"the sweep has {count} cells", $"{Numbers.Text(MostCells)} are the most");
        IEnumerable<IReadOnlyList<KeyValuePair<string, string>>> all = [[]];
        foreach (var flag in varying)
            all = [.. all.SelectMany(start => flag.Values.Select(value => Extended(start, flag.Word, value)))];
        return [.. all];
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Extended(
        IReadOnlyList<KeyValuePair<string, string>> start, string word, string value) => [.. start, new(word, value)];

    /// <summary>Every value is read first, also those that the cell does not use, and then the cell without these.</summary>
    private SweepCell Cell(SweepFlag[] all, IReadOnlyList<KeyValuePair<string, string>> values, RunOptions options)
    {
        // The device is the same for all, and opening a GPU takes a while.
        string[] shared = [.. all.Where(flag => !flag.Varies && !s_device.Contains(flag.Name)).SelectMany(Tokens), "--device=cpu"];
        var name = SweepCell.NameOf(values);
        var whole = Named(name, () => ReadRun([.. shared, .. values.Select(Token)]));
        KeyValuePair<string, string>[] used = [.. values.Where(pair => Uses(whole.Recipe, pair.Key))];
        var settings = used.Length == values.Count ? whole : Named(name, () => ReadRun([.. shared, .. used.Select(Token)]));
        name = SweepCell.NameOf(used);
        return new(name, used, settings with
        {
            // A cell is one of the grid's epochs or none.
            NamesEpochs = false,
            Options = settings.Options with
            {
                ResultsDir = Path.Combine(options.ResultsDir, name),
                Device = options.Device,
                Gpus = options.Gpus,
                Progress = ProgressMode.None,
            },
        });
    }

    private static bool Uses(Recipe recipe, string word) => word switch
    {
        "o_end" => EstimatorCatalog.UsesEndExponent(recipe),
        "momentum" => OptimiserCatalog.UsesMomentum(recipe),
        _ => true,
    };

    private Settings ReadRun(string[] tokens)
    {
        var training = new TrainingFlags();
        var verb = new TrainVerb(engine, training);
        var parsed = verb.Parse(new TokenReader(verb.Flags).Read(tokens), new ParserConfiguration { ResponseFileTokenReplacer = null });
        return new RecipeReader(training, engine).Read(parsed);
    }

    private static Settings Named(string cell, Func<Settings> read)
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

    private static IEnumerable<string> Tokens(SweepFlag flag) =>
        flag.Values.Count == 0 ? [flag.Name] : flag.Values.Select(value => $"{flag.Name}={value}");

    private static string Token(KeyValuePair<string, string> pair) => $"--{pair.Key}={pair.Value}";
}
