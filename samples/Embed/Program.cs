using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Networks;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

// A network of one's own: a real stem, two binary units, a classifier.
var network = new Network("stripes-net", (net, images, classes) =>
{
    Variable x = net.Conv("stem", images, 16, kernel: 3, stride: 1, padding: 1, Initialisation.HeNormal(9));
    x = net.ReluBatchNorm("stem-norm", x);
    x = net.BinaryUnit("conv1", "norm1", x, 32, kernel: 3, stride: 2, padding: 1, Initialisation.HeNormal(9 * 16));
    x = net.BinaryUnit("conv2", "norm2", x, 32, kernel: 3, stride: 1, padding: 1, Initialisation.HeNormal(9 * 32), shortcut: x);
    return net.Linear("classifier", net.AveragePool("pool", x), classes, Initialisation.PyTorchDefault(32), Initialisation.Constant(0));
});

// Arrays of one's own: grey images of 12 x 12 bytes, noise over stripes that lie (class 0) or stand (class 1).
var (size, random) = (new ImageShape(12, 12, 1), new Random(1));
(byte[] Pixels, int[] Labels) Draw(int count)
{
    int[] labels = [.. Enumerable.Range(0, count).Select(_ => random.Next(2))];
    return ([.. labels.SelectMany(label => Enumerable.Range(0, size.Bytes), (label, i) =>
        (byte)(random.Next(160) + (label == 0 ? i / 12 : i % 12) / 2 % 2 * 95))], labels);
}

var (train, test) = (Draw(1024), Draw(256));
var data = new DataSplits(Dataset.FromArrays("stripes", train.Pixels, train.Labels, size, classes: 2),
    Dataset.FromArrays("stripes", test.Pixels, test.Labels, size, classes: 2), new Preprocessing([0.5f], [0.25f], CropPadding: 1, Flip: false));

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) => { pressed.Cancel = true; stop.Cancel(); };
using var device = new CpuDevice(); // or CudaDevice.Open()
string checkpoint = args.ElementAtOrDefault(0) ?? "stripes.safetensors";
int epochs = int.Parse(args.ElementAtOrDefault(1) ?? "3");

using (var trainer = new Trainer(new Recipe { Epochs = epochs, BatchSize = 64, BatchSizeTest = 64, LearningRate = 0.05 }, device, data, network))
{
    try
    {
        while (!trainer.IsFinished)
        {
            EpochReport epoch = trainer.RunEpoch(new Steps(), stop.Token);
            Console.WriteLine($"epoch {epoch.Epoch + 1}: training loss {epoch.Train.Loss:f3}, {epoch.Validation.Top1:f1} % of the test images");
        }
    }
    catch (OperationCanceledException)
    {
        Console.WriteLine($"stopped in epoch {trainer.State.Epoch + 1} behind step {trainer.StepsDone}");
    }

    trainer.Save(checkpoint);
}

using var predictor = Predictor.Open(checkpoint, device, network);
int[] seen = predictor.Labels(test.Pixels);
Console.WriteLine($"the saved network recognises {seen.Where((label, i) => label == test.Labels[i]).Count()} of {seen.Length} images");

/// <summary>Shows the loss of every eighth training step.</summary>
internal sealed class Steps : IProgress<StepReport>
{
    public void Report(StepReport step)
    {
        if (step.Phase == Phase.Training && step.Step % 8 == 7)
            Console.WriteLine($"  step {step.Step + 1} of {step.Steps}: loss {step.Average.Loss:f3}");
    }
}
