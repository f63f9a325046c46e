using System.CommandLine;
using ReSTE.Native.Estimators;
using ReSTE.Native.Slopes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>`reste plot-estimator NAME`: what stands for sign() and its slope, over the schedule, as a picture and as a table.</summary>
internal sealed class PlotEstimatorVerb : Verb
{
    private const string SvgExtension = ".svg", CsvExtension = ".csv";

    // Far above any slope that trains; a picture of more shows a single line up.
    private const double Steepest = 1e12;

    private readonly Argument<string> _name = new("NAME");
    private readonly PlotFlags _flags;
    private readonly IEngine _engine;

    private PlotEstimatorVerb(IEngine engine, PlotFlags flags)
        : base("plot-estimator", "Draws an estimator's forward curve and slope over its schedule, as SVG and CSV.", flags.All)
    {
        (_engine, _flags) = (engine, flags);
        Add(_name);
    }

    public PlotEstimatorVerb(IEngine engine) : this(engine, new())
    {
    }

    public override bool LeavesFiles(ParseResult parsed) => true;

    public override int Run(ParseResult parsed, HostContext context)
    {
        var (recipe, at) = (Recipe(parsed), Epochs(parsed));
        var estimator = _engine.Estimator(recipe);
        context.Notify(Notices(parsed, recipe, estimator));
        var curves = EstimatorSamples.Of(estimator, at, recipe.Epochs, _flags.Bound.In(parsed));
        if (curves.FirstOrDefault(curve => curve.Forward.Concat(curve.Slope).Any(y => !(Math.Abs(y) <= Steepest))) is { } steep)
        {
            throw HostException.Misuse(
                $"the curve of {steep.Operand} in epoch {Numbers.Text(steep.Epoch)} is too steep to be drawn",
                $"take less extreme values in {_flags.Arguments.Name}");
        }
        foreach (var path in Files(_flags.Output.In(parsed)!, estimator.Name))
        {
            Write(path, path.EndsWith(CsvExtension, StringComparison.OrdinalIgnoreCase)
                ? EstimatorPlot.Csv(curves)
                : EstimatorPlot.Svg(estimator.Name, Details(recipe), curves));
            context.Out.WriteLine($"wrote {path}");
        }
        return ExitCode.Done;
    }

    // An estimator of weights alone is drawn as it is used, beside real activations; the others have the same curves there.
    private Recipe Recipe(ParseResult parsed) => EstimatorCatalog.Complete(new Recipe
    {
        Estimator = KnownName.InAnyCase("estimator", parsed.GetValue(_name)!, _engine.Estimators),
        EstimatorArguments = _flags.Arguments.In(parsed),
        OEnd = _flags.OEnd.In(parsed),
        Epochs = _flags.Epochs.In(parsed),
        RealActivations = true,
    });

    private int[] Epochs(ParseResult parsed)
    {
        int epochs = _flags.Epochs.In(parsed);
        if (!_flags.At.IsGiven(parsed))
            return [.. new[] { 0, epochs / 4, epochs / 2, (int)(3L * epochs / 4), epochs - 1 }.Distinct()];
        foreach (int epoch in _flags.At.In(parsed).Where(epoch => epoch >= epochs))
        {
            throw HostException.Misuse($"{_flags.At.Name}: there is no epoch {Numbers.Text(epoch)}",
                $"with {_flags.Epochs.Name} {Numbers.Text(epochs)} they are 0 to {Numbers.Text(epochs - 1)}");
        }
        return [.. _flags.At.In(parsed)];
    }

    private IEnumerable<string> Notices(ParseResult parsed, Recipe recipe, Estimator estimator)
    {
        if (_flags.OEnd.IsGiven(parsed) && !EstimatorCatalog.UsesEndExponent(recipe))
            yield return $"{_flags.OEnd.Name} is not used: {estimator.Name} has no such exponent";
        if (estimator.WeightSlope == SlopeKind.Identity && estimator.WeightCurves(0, recipe.Epochs) is [{ Forward: null }])
            yield return $"{estimator.Name} has no curve of its own for weights: their gradient passes unchanged, drawn as the identity";
    }

    /// <summary>Every setting that decides the curves.</summary>
    private static string Details(Recipe recipe)
    {
        var settings = recipe.EstimatorArguments.Select(argument => $"{argument.Key}={argument.Value}");
        if (EstimatorCatalog.UsesEndExponent(recipe))
            settings = settings.Prepend($"o_end={Numbers.Text(recipe.OEnd)}");
        return string.Join(", ", settings.Append(Plural.Of(recipe.Epochs, "epoch")));
    }

    /// <summary>A file that is named so alone, or both in a folder.</summary>
    private static string[] Files(string output, string name) =>
        Path.GetExtension(output).ToLowerInvariant() is SvgExtension or CsvExtension && !Directory.Exists(output)
            ? [output]
            : [Path.Combine(output, name + SvgExtension), Path.Combine(output, name + CsvExtension)];

    private void Write(string path, string text)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
                Directory.CreateDirectory(folder);
            TextFile.Replace(path, text);
        }
        catch (Exception problem) when (TextFile.IsUnwritable(problem))
        {
            throw new HostException(ExitCode.Failure, $"{_flags.Output.Name}: cannot write '{path}'", TextFile.Reason(path, problem),
                problem);
        }
    }
}

/// <summary>The flags of `plot-estimator`.</summary>
internal sealed class PlotFlags
{
    private static readonly TrainingFlags s_training = new();

    public Flag<double> OEnd { get; } = s_training.OEnd;

    public Flag<int> Epochs { get; } =
        Flags.Integer(FlagOrigin.Published, "--epochs", 1000, 1, "epochs of the run whose schedule is drawn");

    public Flag<IReadOnlyList<int>> At { get; } = Flags.Choice<IReadOnlyList<int>>(FlagOrigin.Ours, "--at", "EPOCH,...", [],
        "first, quarter, half, three quarters, last", "epochs that are drawn, from 0",
        text => [.. text.Split(',').Select(epoch => Numbers.Integer(epoch, 0, int.MaxValue)).Distinct()]);

    public Flag<double> Bound { get; } = Flags.Choice(FlagOrigin.Ours, "--x_max", "X", 2.0, "2", "draw -X to X",
        text => Numbers.Real(text, new RealRange(0.001, false, 1000, "must be at least 0.001 and less than 1000")));

    public Flag<IReadOnlyDictionary<string, EstimatorArgument>> Arguments { get; } = s_training.EstimatorArguments;

    public Flag<string?> Output { get; } = Flags.Location(FlagOrigin.Ours, "--output", "PATH", ".",
        "folder for NAME.svg and NAME.csv, made where it is missing; a name that ends in .svg or .csv is that file alone");

    public IReadOnlyList<IFlag> All => [OEnd, Epochs, At, Bound, Arguments, Output];
}
