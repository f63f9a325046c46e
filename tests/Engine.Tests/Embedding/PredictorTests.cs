using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Networks;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Embedding;

public sealed class PredictorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Checkpoint => _folder.File("stripes.safetensors");

    public void Dispose() => _folder.Dispose();

    // What evaluation computes a batch at a time, the predictor computes for any number of images, from the trainer's weights or a file's.
    [Theory]
    [MemberData(nameof(Stripes.Devices), MemberType = typeof(Stripes))]
    public void It_sees_what_evaluation_sees(string kind)
    {
        using Device device = Stripes.Open(kind);
        float[][] scores;
        using (var trainer = new Trainer(Stripes.Recipe, device, Stripes.Data, Stripes.Network))
        {
            using Predictor watching = trainer.NewPredictor(batchSize: 32);
            trainer.Next();
            PassResult expected = trainer.Next().Validation;
            scores = watching.Logits(Stripes.Test.Pixels);
            Assert.Equal(expected.Top1,
                100.0 * watching.Labels(Stripes.Test.Pixels).Zip(Stripes.Test.Labels).Count(p => p.First == p.Second) / Stripes.TestImages);
            double loss = watching.Probabilities(Stripes.Test.Pixels).Zip(Stripes.Test.Labels).Average(p => -Math.Log(p.First[p.Second]));
            Assert.Equal(expected.Loss, loss, 1e-5);
            trainer.Save(Checkpoint);
        }

        foreach (int batch in new[] { 1, 32, 128 })
        {
            using Predictor loaded = Predictor.Open(Checkpoint, device, Stripes.Network, batch);
            Assert.Equal((Stripes.Shape, 3, batch), (loaded.Shape, loaded.Classes, loaded.BatchSize));
            Assert.Equal(scores, loaded.Logits(Stripes.Test.Pixels));
        }
    }

    [Fact]
    public void Scores_become_probabilities_and_labels()
    {
        Save();
        using var device = new CpuDevice(1);
        using Predictor predictor = Predictor.Open(Checkpoint, device, Stripes.Network);
        float[][] logits = predictor.Logits(Stripes.Test.Pixels), probabilities = predictor.Probabilities(Stripes.Test.Pixels);
        Assert.All(probabilities, p => Assert.Equal(1, p.Sum(), 1e-6f));
        Assert.Equal(logits.Select(s => Array.IndexOf(s, s.Max())), predictor.Labels(Stripes.Test.Pixels));
        Assert.All(logits.Zip(probabilities), p => Assert.Equal(p.First[1] - p.First[0], Math.Log(p.Second[1] / p.Second[0]), 1e-4));
        Assert.Empty(predictor.Logits([]));
    }

    [Fact]
    public void A_catalogued_network_needs_no_more_than_its_file()
    {
        using var run = new TinyRun(TinyRun.Recipe with { Epochs = 1, RealActivations = true });
        PassResult validation = run.Finish()[0].Validation;
        run.Trainer.Save(Checkpoint);
        using var device = new CpuDevice(2);
        using Predictor predictor = Predictor.Open(Checkpoint, device, batchSize: 20);
        Dataset test = TinyImages.Splits(TinyRun.Images).Test;
        var pixels = new byte[test.Count * test.Shape.Bytes];
        int[] labels =
            [.. Enumerable.Range(0, test.Count).Select(i => test.Read(i, pixels.AsSpan(i * test.Shape.Bytes, test.Shape.Bytes)))];
        Assert.Equal(validation.Top1, 100.0 * predictor.Labels(pixels).Zip(labels).Count(p => p.First == p.Second) / test.Count);
    }

    [Fact]
    public void A_checkpoint_moves_between_devices()
    {
        Save();
        using Device cpu = new CpuDevice(1), reference = new ReferenceDevice();
        using Predictor here = Predictor.Open(Checkpoint, cpu, Stripes.Network),
            there = Predictor.Open(Checkpoint, reference, Stripes.Network);
        foreach (var (expected, actual) in there.Logits(Stripes.Test.Pixels).Zip(here.Logits(Stripes.Test.Pixels)))
            Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-3f));
    }

    [Fact]
    public void Another_network_is_refused_in_one_line()
    {
        Save();
        using var device = new CpuDevice(1);
        Assert.EndsWith("holds the network 'stripes-net', not other", Refused(Stripes.Network with { Name = "other" }),
            StringComparison.Ordinal);
        Assert.EndsWith("holds the network 'stripes-net', which is not catalogued; give it", Refused(null), StringComparison.Ordinal);
        Network different = new("stripes-net", (net, x, classes) => NetworkCatalog.Find("cifar10", "resnet20").Write(net, x, classes));
        Assert.Contains("does not fit the network", Refused(different), StringComparison.Ordinal);
        string Refused(Network? network) => Assert.Throws<CheckpointException>(() => Predictor.Open(Checkpoint, device, network)).Message;
    }

    [Fact]
    public void A_file_that_does_not_say_what_its_network_is_fed_with_is_refused()
    {
        Save();
        using var device = new CpuDevice(1);
        foreach (string? input in new[] { null, "{}", "null",
            """{"Image":{"Height":8,"Width":8,"Channels":2},"Classes":0,"Mean":[0,0],"Deviation":[1,1]}""" })
        {
            SafetensorsFile file = SafetensorsFile.Open(Checkpoint);
            var writer = new SafetensorsWriter();
            foreach (var (key, value) in file.Metadata.Where(m => m.Key != "sha256" && (m.Key != "input" || input != null)))
                writer.AddMetadata(key, key == "input" ? input! : value);
            foreach (SafetensorsEntry tensor in file.Tensors)
                writer.Add(tensor.Name, [.. tensor.Shape], file.ReadFloat32(tensor.Name));
            writer.AddChecksum();
            writer.Save(_folder.File("changed"));
            Assert.Contains(" input in its metadata",
                Assert.Throws<CheckpointException>(() => Predictor.Open(_folder.File("changed"), device, Stripes.Network)).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Misuse_is_told_at_once()
    {
        using var device = new CpuDevice(1);
        using var trainer = new Trainer(Stripes.Recipe, device, Stripes.Data, Stripes.Network);
        using Predictor predictor = trainer.NewPredictor();
        Assert.Throws<ArgumentException>(() => predictor.Logits(new byte[Stripes.Shape.Bytes + 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.NewPredictor(0));
        trainer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => predictor.Logits(Stripes.Test.Pixels));
        Assert.Throws<ObjectDisposedException>(() => trainer.Next());
        Assert.Throws<ObjectDisposedException>(() => trainer.Evaluate(null, TestContext.Current.CancellationToken));
        Assert.Throws<ObjectDisposedException>(() => trainer.NewPredictor());
        Assert.Throws<ObjectDisposedException>(() => trainer.Save(Checkpoint));
    }

    private void Save()
    {
        using var device = new CpuDevice(1);
        using var trainer = new Trainer(Stripes.Recipe, device, Stripes.Data, Stripes.Network);
        trainer.Next();
        trainer.Save(Checkpoint);
    }
}
