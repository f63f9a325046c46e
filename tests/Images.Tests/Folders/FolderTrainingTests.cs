using ReSTE.Native.Datasets;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Networks;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Images.Tests.Folders;

/// <summary>A small network trained on a folder of images: from files to a checkpoint.</summary>
public sealed class FolderTrainingTests : IDisposable
{
    private static readonly Network s_network = new("small", (net, images, classes) =>
    {
        Value x = net.ReluBatchNorm("bn1", net.Conv("conv1", images, 8, kernel: 3, stride: 2, padding: 1, Initialisation.HeNormal(27)));
        x = net.BinaryUnit("conv2", "bn2", x, 16, kernel: 3, stride: 2, padding: 1, Initialisation.HeNormal(72));
        return net.Linear("fc", net.AveragePool("pool", x), classes, Initialisation.PyTorchDefault(16), Initialisation.Constant(0));
    });

    private static readonly Recipe s_recipe = new() { Epochs = 2, BatchSize = 8, BatchSizeTest = 4, LearningRate = 0.02, Seed = 3 };

    private readonly TemporaryFolder _folder = new();

    public FolderTrainingTests() => Drawn.Folder(_folder, classes: 3, train: 10, test: 3);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_number_of_threads_changes_no_bit_and_every_epoch_draws_anew()
    {
        byte[] Finish(int threads)
        {
            using var device = new CpuDevice(1);
            using var trainer = new Trainer(s_recipe, device, Open(threads), s_network);
            var reports = new List<EpochReport>();
            while (!trainer.IsFinished)
                reports.Add(trainer.RunEpoch(null, TestContext.Current.CancellationToken));
            Assert.All(reports, report => Assert.InRange(report.Train.Loss, 0, 10));
            return Weights(trainer);
        }
        byte[] expected = Finish(1);
        Assert.Equal(expected, Finish(2));
        Assert.Equal(expected, Finish(7));
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_with_the_same_bits()
    {
        using var device = new CpuDevice(1);
        using Trainer whole = new(s_recipe, device, Open(2), s_network), stopped = new(s_recipe, device, Open(1), s_network);
        while (!whole.IsFinished)
            whole.RunEpoch(null, TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var steps = new Counting(6, stop);
        stopped.RunEpoch(steps, stop.Token);
        Assert.Throws<OperationCanceledException>(() => stopped.RunEpoch(steps, stop.Token));
        stopped.Save(_folder.At("checkpoint"));
        using var resumed = new Trainer(s_recipe, device, Open(3), s_network);
        Assert.Equal(DataMatch.Same, resumed.Resume(_folder.At("checkpoint")));
        while (!resumed.IsFinished)
            resumed.RunEpoch(null, TestContext.Current.CancellationToken);
        Assert.Equal(Weights(whole), Weights(resumed));
    }

    [Fact]
    public void A_folder_that_has_changed_is_not_resumed_on()
    {
        using var device = new CpuDevice(1);
        using (var trainer = new Trainer(s_recipe, device, Open(1), s_network))
            trainer.Save(_folder.At("checkpoint"));
        _folder.Write("train/c1/more.jpg", Drawn.File(77));
        _folder.Write("train/c1/less.jpg", Drawn.File(78));
        using var other = new Trainer(s_recipe, device, Open(1), s_network);
        Assert.Throws<Checkpoints.CheckpointException>(() => other.Resume(_folder.At("checkpoint")));
    }

    [Fact]
    public void A_damaged_image_stops_the_run_by_its_path()
    {
        string path = _folder.At("train/c2/004.jpg");
        _folder.Write("train/c2/004.jpg", File.ReadAllBytes(path)[..^40]);
        using var device = new CpuDevice(1);
        using var trainer = new Trainer(s_recipe, device, Open(2), s_network);
        var refusal = Assert.Throws<DatasetException>(() => trainer.RunEpoch(null, TestContext.Current.CancellationToken));
        Assert.Equal((DatasetFault.Damaged, path), (refusal.Kind, refusal.File));
    }

    /// <summary>Stops after a number of training steps.</summary>
    private sealed class Counting(int steps, CancellationTokenSource stop) : IProgress<StepReport>
    {
        private int _seen;

        public void Report(StepReport value)
        {
            if (value.Phase == Phase.Training && ++_seen == steps)
                stop.Cancel();
        }
    }

    private DataSplits Open(int threads) =>
        ImageFolder.Open(_folder.Path, new ImageFolderOptions { Side = 32, ShortSide = 36 }) with { ReadingThreads = threads };

    /// <summary>All that a checkpoint keeps but the time.</summary>
    private byte[] Weights(Trainer trainer)
    {
        trainer.Save(_folder.At("weights"));
        var file = Checkpoints.SafetensorsFile.Open(_folder.At("weights"));
        return [.. file.Tensors.SelectMany(tensor => file.Data(tensor.Name).ToArray())];
    }
}
