using System.Text.Json;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Embedding;

/// <summary>A network, arrays and an estimator of the caller's own are trained like the catalogued ones.</summary>
public sealed class OwnNetworkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Checkpoint => _folder.File("stripes.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Stripes.Devices), MemberType = typeof(Stripes))]
    public void It_learns(string kind)
    {
        using Device device = Stripes.Open(kind);
        using var trainer = new Trainer(Stripes.Recipe with { Epochs = 5 }, device, Stripes.Data, Stripes.Network);
        double first = trainer.Next().Train.Loss, last = first;
        while (!trainer.IsFinished)
            last = trainer.Next().Train.Loss;
        Assert.InRange(last, 0, first / 2);
    }

    [Theory]
    [MemberData(nameof(Stripes.Devices), MemberType = typeof(Stripes))]
    public void A_resumed_run_has_the_bits_of_one_that_never_stopped(string kind)
    {
        using Device device = Stripes.Open(kind);
        using Trainer whole = NewTrainer(device), stopped = NewTrainer(device), resumed = NewTrainer(device);
        whole.Next();
        EpochReport expected = whole.Next();
        stopped.Next();
        stopped.Save(Checkpoint);
        resumed.Resume(Checkpoint);
        Assert.Equal(TrainerTests.Timeless([expected]), TrainerTests.Timeless([resumed.Next()]));
        Snapshot.AssertSame("resumed run", Snapshot.OfState(whole.Parameters), Snapshot.OfState(resumed.Parameters));
    }

    [Fact]
    public void Its_checkpoints_carry_its_name()
    {
        using var device = new CpuDevice(1);
        using (var trainer = new Trainer(Stripes.Recipe, device, Stripes.Data, Stripes.Network, new Steady()))
            trainer.Save(Checkpoint);
        Recipe saved = JsonSerializer.Deserialize<Recipe>(SafetensorsFile.Open(Checkpoint).Metadata["recipe"])!;
        Assert.Equal(("stripes-net", "stripes", "steady"), (saved.Model, saved.Dataset, saved.Estimator));
        using var other = new Trainer(Stripes.Recipe, device, Stripes.Data, Stripes.Network with { Name = "other" });
        string load = Assert.Throws<CheckpointException>(() => other.LoadWeights(Checkpoint)).Message;
        Assert.Contains("holds the network stripes-net, not other", load, StringComparison.Ordinal);
        string resume = Assert.Throws<CheckpointException>(() => other.Resume(Checkpoint)).Message;
        Assert.Contains("Model was stripes-net, is other", resume, StringComparison.Ordinal);
        using Predictor predictor = Predictor.Open(Checkpoint, device, Stripes.Network);
        Assert.Equal(Stripes.TestImages, predictor.Labels(Stripes.Test.Pixels).Length);
    }

    // A network is what it records: catalogued or given, the same one gives the same bits.
    [Fact]
    public void Given_and_catalogued_are_one()
    {
        using var named = new TinyRun(TinyRun.Recipe with { Epochs = 1 });
        using var device = new CpuDevice(1);
        using var given = new Trainer(TinyRun.Recipe with { Epochs = 1 }, device, TinyImages.Splits(TinyRun.Images),
            NetworkCatalog.Find("cifar10", "resnet20_1w1a"), new Reste());
        Assert.Equal(TrainerTests.Timeless(named.Finish()), TrainerTests.Timeless([given.Next()]));
        Snapshot.AssertSame("given network", named.State(), Snapshot.OfState(given.Parameters));
    }

    [Fact]
    public void An_estimator_of_ones_own_decides_the_slopes_and_what_is_logged()
    {
        using var device = new CpuDevice(1);
        using var published = NewTrainer(device);
        using var steady = new Trainer(Stripes.Recipe, device, Stripes.Data, Stripes.Network, new Steady());
        EpochReport first = published.Next(), own = steady.Next();
        Assert.Equal((1, 3), (first.O, own.O));
        Assert.NotEqual(first.Train.Loss, own.Train.Loss);
    }

    [Fact]
    public void Its_weights_can_be_read_and_set()
    {
        using var device = new CpuDevice(1);
        using Trainer trainer = NewTrainer(device);
        Parameter weight = trainer.Parameters.Parameters.Single(p => p.Name == "conv1.weight");
        Assert.Equal((new Shape(16, 8, 3, 3), true), (weight.Shape, weight.IsBinary));
        double[] values = [.. weight.Read().Select(v => v + 1)];
        weight.Write(values);
        Assert.Equal(values.Select(v => (float)v), weight.Read().Select(v => (float)v));
        Assert.Throws<ArgumentException>(() => weight.Write(new double[3]));
        trainer.Dispose();
        Assert.Throws<InvalidOperationException>(() => weight.Read());
    }

    [Fact]
    public void It_describes_itself()
    {
        IReadOnlyList<LayerInfo> layers = Stripes.Network.Summarize(Stripes.Shape, 3);
        Assert.Equal(["stem", "stem-norm", "conv1", "norm1", "conv2", "norm2", "classifier"], layers.Select(l => l.Name));
        Assert.Equal(["conv1", "conv2"], layers.Where(l => l.IsBinary).Select(l => l.Name));
        Assert.Equal([LayerKind.Conv, LayerKind.BatchNorm, LayerKind.Linear], layers.Select(l => l.Kind).Distinct());
        Assert.Equal((new Shape(8, 2, 3, 3), 8 * 2 * 9L), (layers[0].Weight!.Value, layers[0].Parameters));
        Assert.Equal((16 * 2L, 3 * 16 + 3L), (layers[3].Parameters, layers[^1].Parameters));
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_one_line()
    {
        using var device = new CpuDevice(1);
        Network pixels = new("pixels", (_, x, _) => x);
        Assert.Equal("the network pixels returned [8,8,2] for an image [8,8,2], not logits [3]",
            Assert.Throws<ArgumentException>(() => new Trainer(Stripes.Recipe, device, Stripes.Data, pixels)).Message);
        DataSplits mixed = Stripes.Data with { Test = Dataset.FromArrays("stripes", new byte[2 * 12], [0, 1], new(2, 3, 2), 3) };
        Assert.Equal("Recipe.Dataset is stripes: its training images are 8 x 8 x 2 in 3 classes, test images 2 x 3 x 2 in 3",
            Assert.Throws<RecipeException>(() => new Trainer(Stripes.Recipe, device, mixed, Stripes.Network)).Message);
        DataSplits flat = Stripes.Data with { Preprocessing = new([0, 0], [1, 0], 0, false) };
        Assert.Throws<ArgumentException>(() => new Trainer(Stripes.Recipe, device, flat, Stripes.Network));
    }

    [Theory]
    [InlineData(23, 2, 0, 1, "2 labels want 24 bytes of 2 x 3 x 2 images, got 23")]
    [InlineData(0, 0, 0, 1, "0 images of 2 x 3 x 2 are no data set")]
    [InlineData(24, 2, 3, 1, "image 0 has label 3, outside 0 to 2")]
    [InlineData(24, 2, 0, -1, "image 1 has label -1, outside 0 to 2")]
    public void Arrays_that_are_no_data_set_are_refused(int bytes, int count, int first, int second, string message)
    {
        int[] labels = count == 0 ? [] : [first, second];
        Assert.Equal("mine: " + message,
            Assert.Throws<ArgumentException>(
                () => Dataset.FromArrays("mine", new byte[bytes], labels, new ImageShape(2, 3, 2), 3)).Message);
    }

    private static Trainer NewTrainer(Device device) => new(Stripes.Recipe, device, Stripes.Data, Stripes.Network);

    /// <summary>ReSTE's slope at its end from the first epoch on.</summary>
    private sealed class Steady : Estimator
    {
        public override string Name => "steady";
        public override SlopeKind WeightSlope => SlopeKind.Reste;
        public override SlopeKind ActivationSlope => SlopeKind.Clipped;
        public override SlopeParameters WeightParameters(int epoch, int epochs) => new(3, 1.5, 0.1, Math.Pow(0.1, 1 / 3.0) / 0.1);
        public override double Exponent(int epoch, int epochs) => 3;
    }
}
