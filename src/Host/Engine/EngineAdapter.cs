using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.Training;
using ReSTE.Native.Training.Schedules;

namespace ReSTE.Native.Host;

/// <summary>The one place where the command meets the engine and the data sets.</summary>
internal sealed class EngineAdapter : IEngine
{
    private const int Classes = 10;

    private static readonly ImageShape s_image = new(32, 32, 3);

    public IReadOnlyList<string> Datasets { get; } = ["cifar10", ShapesDefaults.Dataset];

    public IReadOnlyList<string> Estimators => EstimatorCatalog.Names;

    public IReadOnlyList<string> Models(string dataset) => NetworkCatalog.Names(dataset);

    public string? WhyNoGpu(int index) => "this build has no CUDA device yet";

    public void Check(Recipe recipe)
    {
        NetworkCatalog.Find(recipe.Dataset, recipe.Model);
        EstimatorCatalog.Create(recipe);
    }

    public double LargestRate(Recipe recipe) =>
        LearningRateSchedule.Published(recipe.LearningRate, recipe.Epochs, recipe.WarmUp).Maximum;

    public DataSplits Open(Recipe recipe, string? path) => throw Missing();

    public ITrainingRun Start(Recipe recipe, DeviceChoice device, DataSplits data) => throw Missing();

    public IStepBenchmark Benchmark(Recipe recipe, DeviceChoice device) => throw Missing();

    public IReadOnlyList<LayerSummary> Summarize(Recipe recipe) => NetworkSummary.Of(recipe, s_image, Classes);

    private static HostException Missing() => new(ExitCode.Failure, "this build has no trainer yet");
}
