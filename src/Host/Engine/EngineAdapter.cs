using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The one place where the command meets the engine and the data sets.</summary>
internal sealed class EngineAdapter : IEngine
{
    private static readonly string[] s_models = ["resnet20", "resnet20_1w1a"];

    public IReadOnlyList<string> Datasets { get; } = ["cifar10", ShapesDefaults.Dataset];

    public IReadOnlyList<string> Estimators { get; } = ["ReSTE", "STE"];

    public IReadOnlyList<string> Models(string dataset) => s_models;

    public string? WhyNoGpu(int index) => "this build has no CUDA device yet";

    public double LargestRate(Recipe recipe) => recipe.LearningRate;

    public DataSplits Open(Recipe recipe, string? path) => throw Missing();

    public ITrainingRun Start(Recipe recipe, DeviceChoice device, DataSplits data) => throw Missing();

    public IStepBenchmark Benchmark(Recipe recipe, DeviceChoice device) => throw Missing();

    public IReadOnlyList<LayerSummary> Summarize(Recipe recipe) => throw Missing();

    private static HostException Missing() => new(ExitCode.Failure, "this build has no trainer yet");
}
