using System.CommandLine;
using ReSTE.Native.Training;
using static ReSTE.Native.Host.FlagOrigin;
using static ReSTE.Native.Host.Flags;

namespace ReSTE.Native.Host;

/// <summary>The flags of `bench kernels`.</summary>
internal sealed class BenchKernelsFlags
{
    private const string Binary = "_1w1a";

    private static readonly string[] s_datasets = ["cifar10", "imagenet"];

    private readonly TrainingFlags _training = new();

    private Flag<string?> Model { get; } = Text(Published, "--model", "NAME", null,
        "network whose kernels are timed; without it all that end in _1w1a, those of imagenet where memory allows");
    private Flag<string?> Dataset { get; } =
        Text(Published, "--dataset", "NAME", null, "data set whose networks are meant; cifar10 where --model is given");
    public Flag<int> Batch { get; } = Integer(Ours, "--batch", 256, 1, "images a step", "-b", "--batch_size");
    public Flag<int> Repetitions { get; } =
        Integer(Ours, "--repetitions", 20, 1, "how often each is timed at most; fewer of what takes long");
    public Flag<string?> Filter { get; } =
        Text(Ours, "--filter", "TEXT", null, "only kernels or layers that hold this text, or fit it as a pattern with * and ?");
    public Flag<string?> Baseline { get; } = Location(Ours, "--baseline", "FILE", null, "compare with what --json wrote before");
    public Flag<bool> List { get; } = Switch(Ours, "--list", "list the launches of one training step as JSON, and time nothing");
    public Flag<string?> Json { get; } = Location(Ours, "--json", "FILE", null, "write the result here as JSON");
    public Flag<DeviceRequest> Device => _training.Device;
    public Flag<int> Threads => _training.Threads;

    public IReadOnlyList<IFlag> All =>
    [
        Model, Dataset, _training.Estimator, _training.RealActivations, _training.Optimiser, Batch, Repetitions, Filter, Baseline, List,
        Json, Device, Threads,
    ];

    /// <summary>Whether one network is meant: then it must fit.</summary>
    public bool NamesModel(ParseResult parsed) => Model.In(parsed) is not null;

    /// <summary>What a listing has no use for, a line each.</summary>
    public IEnumerable<string> NotUsedByListing(ParseResult parsed)
    {
        if (Repetitions.IsGiven(parsed))
            yield return $"{Repetitions.Name} is not used: {List.Name} times nothing";
        if (Baseline.IsGiven(parsed))
            yield return $"{Baseline.Name} is not used: {List.Name} times nothing";
    }

    /// <summary>The network that is meant; the default one where none is named.</summary>
    public Recipe Recipe(ParseResult parsed, IEngine engine) =>
        Recipe(parsed, engine, DatasetIn(parsed, engine) ?? s_datasets[0], Model.In(parsed) ?? new Recipe().Model);

    /// <summary>The network that is named, or all binary ones.</summary>
    public IReadOnlyList<Recipe> Recipes(ParseResult parsed, IEngine engine)
    {
        if (NamesModel(parsed))
            return [Recipe(parsed, engine)];
        IReadOnlyList<string> datasets = DatasetIn(parsed, engine) is { } dataset ? [dataset] : s_datasets;
        Recipe[] recipes =
        [
            .. datasets.SelectMany(name => engine.Models(name).Where(model => model.EndsWith(Binary, StringComparison.Ordinal))
                .Select(model => Recipe(parsed, engine, name, model))),
        ];
        return recipes.Length > 0 ? recipes : throw HostException.Misuse(
            $"{Dataset.Name} {datasets[0]}: none of its networks ends in {Binary}", $"name one with {Model.Name}");
    }

    private string? DatasetIn(ParseResult parsed, IEngine engine) =>
        Dataset.In(parsed) is { } name ? KnownName.Check("data set", name, engine.Datasets) : null;

    private Recipe Recipe(ParseResult parsed, IEngine engine, string dataset, string model) => new()
    {
        Dataset = dataset,
        Model = KnownName.Check("model", model, engine.Models(dataset)),
        Estimator = KnownName.Check("estimator", _training.Estimator.In(parsed)!, engine.Estimators),
        Optimiser = KnownName.InAnyCase("optimiser", _training.Optimiser.In(parsed)!, engine.Optimisers),
        RealActivations = _training.RealActivations.In(parsed),
        BatchSize = Batch.In(parsed),
    };
}
