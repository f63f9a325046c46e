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

    private GridArguments _arguments = new([]);

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
        _arguments = new(all);
        var combinations = Combinations([.. all.Where(flag => flag.Varies)]);
        var first = ReadRun(_arguments.Tokens(all.Where(flag => !flag.Varies), combinations[0]));
        CheckInit(first.Options.Init);
        if (combinations.Length == 1)
            throw HostException.Misuse("nothing varies in this sweep", "give a flag several values, as in --seed 1..5 or --o_end 1,2,3");
        // What there is to say about the device; cells say the rest.
        _notices.AddRange(first.Notices.Except(ReadRun(_arguments.Tokens(Shared(all), combinations[0])).Notices));
        SweepCell[] cells = [.. combinations.Select(values => Cell(all, values, first.Options)).DistinctBy(cell => cell.Name)];
        _notices.AddRange(cells.SelectMany(cell => cell.Settings.Notices));
        var jobs = Jobs(flags.Jobs.In(parsed), first.Options.Device, cells.Length);
        return new(first.Options.ResultsDir, all, cells, first.Options.Device, jobs, [.. _notices.Distinct()]);
    }

    /// <summary>All cells start from one file: what is not there is refused before the first.</summary>
    private static void CheckInit(string? path)
    {
        if (path is not null && path.Contains(',', StringComparison.Ordinal) && !Path.Exists(path))
            throw HostException.Misuse($"--init: there is no '{path}', and a sweep starts all cells from one file",
                "its cells are named by their values, and paths make no names: sweep once for each file, with another --results_dir");
        if (path is not null)
            CheckpointPath.Of(path, []);
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

    private static SweepValue[][] Combinations(SweepFlag[] varying)
    {
        if (varying.Aggregate(1m, (product, flag) => product * flag.Values.Count) is > MostCells and var count)
            throw HostException.Misuse($"the sweep has {count} cells", $"{Numbers.Text(MostCells)} are the most");
        IEnumerable<SweepValue[]> all = [[]];
        foreach (var flag in varying)
            all = [.. all.SelectMany(start => flag.Values.Select(value => (SweepValue[])[.. start, new(flag, value)]))];
        return [.. all];
    }

    /// <summary>Every value is read first, also those that the cell does not use, and then the cell without these.</summary>
    private SweepCell Cell(SweepFlag[] all, SweepValue[] values, RunOptions options)
    {
        var shared = Shared(all);
        var settings = SweepCell.Named(NameOf(values), () => ReadRun(_arguments.Tokens(shared, values)));
        var unused = engine.Unused(settings.Recipe).Select(SettingFlags.Of).ToArray();
        var whole = settings.Recipe;
        SweepValue[] used = [.. values.Where(value => Uses(whole, value.Flag, unused))];
        if (used.Length < values.Length)
        {
            // Without a part in the cell, an estimator takes its arguments with it.
            var kept = shared.Where(flag => flag.Argument is null || !unused.Contains(flag.Name));
            settings = SweepCell.Named(NameOf(used), () => ReadRun(_arguments.Tokens(kept, used)));
        }
        var name = NameOf(used);
        return new(name, [.. used.Select(value => value.Pair)], settings with
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

    // Where the indicators are measured they read o whatever the estimator is: at its default, one ruler for all cells.
    private bool Uses(Recipe recipe, SweepFlag flag, string[] unused) => flag.Name switch
    {
        "--o_end" => EstimatorCatalog.UsesEndExponent(recipe) && !unused.Contains("--estimator"),
        _ => !unused.Contains(flag.Name) && !_arguments.AreAnothers(flag, recipe.Estimator),
    };

    /// <summary>Flags with one value. The device is the same for all, and opening a GPU takes a while.</summary>
    private static SweepFlag[] Shared(SweepFlag[] all) =>
        [.. all.Where(flag => !flag.Varies && !s_device.Contains(flag.Name)), new("--device", ["cpu"], IsList: false)];

    private Settings ReadRun(string[] tokens)
    {
        var training = new TrainingFlags();
        var verb = new TrainVerb(engine, training);
        var parsed = verb.Parse(new TokenReader(verb.Flags).Read(tokens), new ParserConfiguration { ResponseFileTokenReplacer = null });
        return new RecipeReader(training, engine).Read(parsed);
    }

    private static string NameOf(IEnumerable<SweepValue> values) => SweepCell.NameOf(values.Select(value => value.Pair));
}
