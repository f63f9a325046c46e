using System.CommandLine;
using ReSTE.Native.Training;
using static ReSTE.Native.Host.FlagOrigin;
using static ReSTE.Native.Host.Flags;

namespace ReSTE.Native.Host;

/// <summary>The flags of `bench kernels`.</summary>
internal sealed class BenchKernelsFlags
{
    private readonly TrainingFlags _training = new();

    private Flag<string?> Dataset { get; } =
        Text(Published, "--dataset", "NAME", "cifar10", "data set whose network is meant; the images are made up");
    public Flag<int> Batch { get; } = Integer(Ours, "--batch", 256, 1, "images a step", "-b", "--batch_size");
    public Flag<bool> List { get; } = Switch(Ours, "--list", "list the launches of one training step as JSON, and time nothing");
    public Flag<string?> Json { get; } = Location(Ours, "--json", "FILE", null, "write the result here as JSON");
    public Flag<DeviceRequest> Device => _training.Device;
    public Flag<int> Threads => _training.Threads;

    public IReadOnlyList<IFlag> All =>
        [_training.Model, Dataset, _training.Estimator, _training.RealActivations, _training.Optimiser, Batch, List, Json, Device, Threads];

    public Recipe Recipe(ParseResult parsed, IEngine engine)
    {
        var dataset = KnownName.Check("data set", Dataset.In(parsed)!, engine.Datasets);
        return new()
        {
            Dataset = dataset,
            Model = KnownName.Check("model", _training.Model.In(parsed)!, engine.Models(dataset)),
            Estimator = KnownName.Check("estimator", _training.Estimator.In(parsed)!, engine.Estimators),
            Optimiser = KnownName.InAnyCase("optimiser", _training.Optimiser.In(parsed)!, engine.Optimisers),
            RealActivations = _training.RealActivations.In(parsed),
            BatchSize = Batch.In(parsed),
        };
    }
}
