using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>Whole training steps, augmentation included, on drawn images that lie in the device's memory.</summary>
internal sealed class StepBenchmark : IStepBenchmark
{
    private const int Batches = 4;

    private readonly Device _device;
    private readonly Trainer _trainer;

    public StepBenchmark(Recipe recipe, Device device)
    {
        _device = device;
        int images = (int)Math.Min(int.MaxValue, (long)Batches * recipe.BatchSize);
        int classes = ImageSets.Classes(recipe.Dataset);
        // Nothing is evaluated: the least of a test step that there can be.
        DataSplits drawn = Data.Datasets.Open(ShapesDefaults.Dataset, null, limitTest: 1);
        ImageShape shape = ImageSets.Shape(recipe.Dataset);
        var data = drawn with
        {
            Train = new BenchImages(drawn.Train, shape, classes, images),
            Test = new BenchImages(drawn.Test, shape, classes, 1),
        };
        _trainer = TrainingRun.NewTrainer(recipe with { BatchSizeTest = 1 }, device, data);
        DatasetBytes = _trainer.DatasetBytes;
    }

    public string Device => _device.Description;

    public long DatasetBytes { get; }

    public long? Launches => _trainer.LaunchesPerStep is > 0 and var launches ? launches : null;

    public void Step()
    {
        _trainer.Step();
        _device.Synchronize();
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _device.Dispose();
    }
}
