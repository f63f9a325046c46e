using System.CommandLine;
using ReSTE.Native.Training;
using static ReSTE.Native.Host.FlagOrigin;
using static ReSTE.Native.Host.Flags;

namespace ReSTE.Native.Host;

/// <summary>The flags of `bench step`.</summary>
internal sealed class BenchFlags
{
    private readonly TrainingFlags _training = new();

    private Flag<string?> Dataset { get; } =
        Text(Published, "--dataset", "NAME", "cifar10", "data set whose network is timed; the images are made up");
    public Flag<int> Batch { get; } = Integer(Ours, "--batch", 256, 1, "images a step", "-b", "--batch_size");
    public Flag<int> Steps { get; } = Integer(Ours, "--steps", 20, 1, "steps that are timed");
    public Flag<int> Warmup { get; } = Integer(Ours, "--warmup", 5, 0, "steps before them that are not");
    public Flag<bool> Evaluate { get; } = Switch(Ours, "--evaluate", "time the evaluation of a batch in place of a training step");
    public Flag<string?> Json { get; } = Location(Ours, "--json", "FILE", null, "also write the result here as JSON");
    public Flag<DeviceRequest> Device => _training.Device;
    public Flag<int> Threads => _training.Threads;

    public IReadOnlyList<IFlag> All =>
    [
        _training.Model, Dataset, _training.Estimator, _training.OEnd, _training.RealActivations, _training.Optimiser, _training.Seed,
        Batch, Steps, Warmup, Evaluate, Json, Device, Threads,
    ];

    public Recipe Recipe(ParseResult parsed, IEngine engine)
    {
        var dataset = KnownName.Check("data set", Dataset.In(parsed)!, engine.Datasets);
        return new()
        {
            Dataset = dataset,
            Model = KnownName.Check("model", _training.Model.In(parsed)!, engine.Models(dataset)),
            Estimator = KnownName.Check("estimator", _training.Estimator.In(parsed)!, engine.Estimators),
            Optimiser = KnownName.InAnyCase("optimiser", _training.Optimiser.In(parsed)!, engine.Optimisers),
            OEnd = _training.OEnd.In(parsed),
            RealActivations = _training.RealActivations.In(parsed),
            Seed = _training.Seed.In(parsed),
            BatchSize = Batch.In(parsed),
        };
    }
}
