using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.StateFiles;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>An engine whose runs compute nothing but leave the traces of a real one.</summary>
internal sealed class FakeEngine : IEngine
{
    public Recipe? Started { get; private set; }

    public DeviceChoice? Device { get; private set; }

    public string? OpenedPath { get; private set; }

    public int ReadingThreads { get; private set; }

    public FakeRun? Run { get; private set; }

    /// <summary>Called after every step, before it is reported.</summary>
    public Action<StepReport>? OnStep { get; init; }

    /// <summary>Called before a state is written.</summary>
    public Action<string>? OnSave { get; init; }

    public Action? OnOpen { get; init; }

    /// <summary>What happens when a file of tensors is read.</summary>
    public Action? OnRead { get; init; }

    /// <summary>What a run says about the data of every checkpoint.</summary>
    public DataMatch Match { get; init; } = DataMatch.Same;

    public int TrainImages { get; init; } = 1000;

    public int TestImages { get; init; } = 300;

    public IReadOnlyList<string> DataNotices { get; init; } = [];

    public string? NoGpu { get; init; } = "this machine has none";

    public double? Largest { get; init; }

    public IReadOnlyList<string> Datasets { get; } = ["cifar10", "shapes"];

    public IReadOnlyList<string> Estimators { get; } = ["ReSTE", "STE", "Bop", "AdaSTE"];

    public IReadOnlyList<string> Optimisers { get; } = ["SGD", "Adam", "AdamW"];

    public IReadOnlyList<string> Models(string dataset) => ["resnet20", "resnet20_1w1a"];

    public int FirstGpu { get; init; }

    public bool ShowsAllGpus { get; private set; }

    public void ShowAllGpus() => ShowsAllGpus = true;

    public string? WhyNoGpu(int index) => NoGpu;

    public IEnumerable<(string Name, string Value)> DescribeGpus() => [("cuda:0", NoGpu ?? "ready")];

    public void Check(Recipe recipe)
    {
        if (recipe.EstimatorArguments.ContainsKey("bogus"))
            throw new RecipeException(RecipeFault.UnknownName, nameof(recipe.EstimatorArguments), "bogus=1",
                "estimator ReSTE has no argument 'bogus'");
    }

    public IReadOnlyList<string> Unused(Recipe recipe) =>
        UnusedSettings.Of(recipe, [Layer("conv1", 432, false), Layer("layer1.0.conv1", 2304, IsBinary(recipe))]);

    public Estimator Estimator(Recipe recipe) => EstimatorCatalog.Create(recipe);

    public string DescribeDecoders() => "nothing is decoded";

    public double LargestRate(Recipe recipe) => Largest ?? recipe.LearningRate;

    public (double Rate, double O) Schedule(Recipe recipe, int epoch) =>
        (recipe.LearningRate * (recipe.Epochs - epoch) / recipe.Epochs, 1 + epoch / (double)recipe.Epochs);

    public DeviceMemory? Memory { get; init; } = new DeviceMemory(1_000_000_000, 2_000_000_000, MemoryOwner.Container);

    /// <summary>Bytes that a run takes.</summary>
    public Func<Recipe, long> Needs { get; init; } = _ => 1_000_000;

    public long Reckon(Recipe recipe, string? path, DataSplits data) => Needs(recipe);

    public DataSplits Open(Recipe recipe, string? path, DeviceChoice device)
    {
        OpenedPath = path;
        OnOpen?.Invoke();
        if (path?.Contains("missing", StringComparison.Ordinal) == true)
            throw new DatasetException(DatasetFault.Missing, $"no data set in '{path}'");
        return new(new FakeDataset(TrainImages), new FakeDataset(TestImages), Preprocessing.Published) { Notices = DataNotices };
    }

    public ITrainingRun Start(Recipe recipe, DeviceChoice device, DataSplits data)
    {
        (Started, Device, ReadingThreads) = (recipe, device, data.ReadingThreads);
        return Run = new FakeRun(recipe, data, OnStep, OnSave, Match);
    }

    public IReadOnlyList<LayerGradients> Gradients(Settings settings, string checkpoint) =>
        [LayerGradients.Of("layer1.0.conv1.weight", [0, 0.001, -0.002, 0.003]), LayerGradients.Of("layer1.0.conv2.weight", [0, 0, 0])];

    public IStepBenchmark Benchmark(Recipe recipe, DeviceChoice device, bool evaluates)
    {
        (Started, Device) = (recipe, device);
        return new FakeBenchmark(evaluates);
    }

    public IKernelBenchmark BenchmarkKernels(Recipe recipe, DeviceChoice device) => throw new NotSupportedException("no kernels here");

    public KernelListing List(Recipe recipe, DeviceChoice device)
    {
        (Started, Device) = (recipe, device);
        return new("a fake", []);
    }

    public IReadOnlyList<LayerSummary> Summarize(Recipe recipe, int? classes) =>
    [
        new("conv1", "conv 3x3", "16 x 3 x 3 x 3", 432, false, false, "32 x 32 x 16", 442368),
        new("layer1.0.conv1", "conv 3x3", "16 x 16 x 3 x 3", 2304, IsBinary(recipe), IsBinary(recipe) && !recipe.RealActivations,
            "32 x 32 x 16", 2359296),
    ];

    public StateDictionary ReadState(string path)
    {
        OnRead?.Invoke();
        return StateFile.Open(path);
    }

    public StateDictionary ReadPublished(string path)
    {
        OnRead?.Invoke();
        return PublishedState.Open(path);
    }

    public void WriteState(StateDictionary state, string path, bool asPyTorch) => throw new IOException("no room");

    private static bool IsBinary(Recipe recipe) => recipe.Model.EndsWith("_1w1a", StringComparison.Ordinal);

    private static LayerInfo Layer(string name, int parameters, bool isBinary) =>
        new(name, LayerKind.Conv, new Shape(parameters), parameters, isBinary, new Shape(32, 32, 16), 0);

    private sealed class FakeDataset(int count) : Dataset
    {
        public override string Name => "fake";
        public override int Count => count;
        public override int Classes => 10;
        public override ImageShape Shape => new(2, 2, 3);
        public override int Read(int index, Span<byte> pixels) => index % 10;
    }

    private sealed class FakeBenchmark(bool evaluates) : IStepBenchmark
    {
        public bool Evaluates => evaluates;
        public string Device => "a fake";
        public long DatasetBytes => 1000;
        public long? Launches => null;
        public StepClock? Clock => null;
        public void Step() => Thread.SpinWait(1000);
        public void Dispose()
        {
        }
    }
}
