using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Estimators;
using ReSTE.Native.StateFiles;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The one place where the command meets the engine and the data sets.</summary>
internal sealed class EngineAdapter(CudaSettings cuda) : IEngine, IDisposable
{
    private readonly Gpus _gpus = new(cuda);

    public EngineAdapter() : this(CudaSettings.FromEnvironment())
    {
    }

    public IReadOnlyList<string> Datasets { get; } = [.. Data.Datasets.Names, .. ImageSets.Names];

    public IReadOnlyList<string> Estimators => EstimatorCatalog.Names;

    public IReadOnlyList<string> Optimisers => OptimiserCatalog.Names;

    public IReadOnlyList<string> Models(string dataset) => NetworkCatalog.Names(dataset);

    public int FirstGpu => Gpus.First;

    public void ShowAllGpus() => VisibleGpus.ShowAll();

    public string? WhyNoGpu(int index) => _gpus.WhyNot(index);

    public IEnumerable<(string Name, string Value)> DescribeGpus() => GpuReport.Lines(cuda, _gpus.WhyNot);

    public void Check(Recipe recipe)
    {
        NetworkCatalog.Find(recipe.Dataset, recipe.Model);
        EstimatorCatalog.Create(recipe);
    }

    public IReadOnlyList<string> Unused(Recipe recipe) => UnusedSettings.Of(recipe,
        NetworkCatalog.Find(recipe.Dataset, recipe.Model).Summarize(ImageSets.Shape(recipe.Dataset), ImageSets.Classes(recipe.Dataset)));

    public Estimator Estimator(Recipe recipe) => EstimatorCatalog.Create(recipe);

    public double LargestRate(Recipe recipe) => Rates(recipe).Maximum;

    public (double Rate, double O) Schedule(Recipe recipe, int epoch) =>
        (Rates(recipe).Rate(epoch), EstimatorCatalog.Create(recipe).Exponent(epoch, recipe.Epochs));

    public DeviceMemory? Memory => DeviceMemory.OfProcess();

    public DataSplits Open(Recipe recipe, string? path, DeviceChoice device) => ImageSets.Names.Contains(recipe.Dataset)
        ? FileMemory.OfImages(recipe, () => ImageSets.Open(recipe, path))
        : FileMemory.OfImages(recipe, () => ImageSets.OpenPacked(recipe, path))
            ?? DataMemory.Open(recipe, path, onCpu: device.Kind == DeviceKind.Cpu, Memory);

    public long Reckon(Recipe recipe, string? path, DataSplits data)
    {
        using var device = new CpuDevice(1);
        var read = ImageSets.Names.Contains(recipe.Dataset) ? 0
            : Data.Datasets.Bytes(recipe.Dataset, path, recipe.LimitTrain, recipe.LimitTest);
        return read + MemoryNeeds.Of(recipe, device, data).Total;
    }

    public ITrainingRun Start(Recipe recipe, DeviceChoice device, DataSplits data) => new TrainingRun(recipe, Device(device), data);

    public IReadOnlyList<LayerGradients> Gradients(Settings settings, string checkpoint)
    {
        var (recipe, options) = (settings.Recipe, settings.Options);
        var data = ValidationSplit.Of(recipe, Open(recipe, options.DataPath, options.Device));
        return LayerGradients.Measure(BatchRule.FitTraining(settings, data), Device(options.Device), data, checkpoint);
    }

    public IStepBenchmark Benchmark(Recipe recipe, DeviceChoice device, bool evaluates) =>
        evaluates ? new EvaluationBenchmark(recipe, Device(device)) : new StepBenchmark(recipe, Device(device));

    public IKernelBenchmark BenchmarkKernels(Recipe recipe, DeviceChoice device) => new NetworkKernels(recipe, Device(device));

    public KernelListing List(Recipe recipe, DeviceChoice choice)
    {
        using var device = Device(choice);
        return new(device.Description, StepLaunches.Of(BenchData.Fit(recipe), device, BenchData.Of(recipe)));
    }

    public IReadOnlyList<LayerSummary> Summarize(Recipe recipe, int? classes = null) =>
        NetworkSummary.Of(recipe, ImageSets.Shape(recipe.Dataset), classes ?? ImageSets.Classes(recipe.Dataset));

    public string DescribeDecoders() => Images.ImageDecoders.Describe();

    public StateDictionary ReadState(string path) => FileMemory.OfCheckpoint(path, () => PublishedState.OpenWhole(path));

    public StateDictionary ReadPublished(string path) => FileMemory.OfCheckpoint(path, () => PublishedState.Open(path));

    public void WriteState(StateDictionary state, string path, bool asPyTorch)
    {
        if (asPyTorch)
            StateFile.SavePyTorch(state, path);
        else
            StateFile.SaveSafetensors(state, path);
    }

    public void Dispose() => _gpus.Dispose();

    private static LearningRateSchedule Rates(Recipe recipe) => LearningRateSchedule.Of(recipe);

    private Device Device(DeviceChoice choice) => choice.Kind == DeviceKind.Cuda ? _gpus.Take(choice.Index) : new CpuDevice(choice.Threads);
}
