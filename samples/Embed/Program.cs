using ReSTE.Native.Datasets;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Networks;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

// Your own network: a real stem, two binary units, a classifier.
var network = new Network("stripes-net", (net, images, classes) =>
{
    Value x = net.ReluBatchNorm("stem-norm", net.Conv("stem", images, 16, kernel: 3, stride: 1, padding: 1, Initialisation.HeNormal(9)));
    x = net.BinaryUnit("conv1", "norm1", x, 32, kernel: 3, stride: 2, padding: 1, Initialisation.HeNormal(9 * 16));
    x = net.BinaryUnit("conv2", "norm2", x, 32, kernel: 3, stride: 1, padding: 1, Initialisation.HeNormal(9 * 32), shortcut: x);
    return net.Linear("classifier", net.AveragePool("pool", x), classes, Initialisation.PyTorchDefault(32), Initialisation.Constant(0));
});

// Your own arrays: grey images of 12 x 12 bytes, noise over stripes that lie (class 0) or stand (class 1).
var (shape, random) = (new ImageShape(12, 12, 1), new Random(1));
int[] labels = [.. Enumerable.Range(0, 1280).Select(_ => random.Next(2))];
byte[] pixels = [.. labels.SelectMany(label => Enumerable.Range(0, shape.Bytes), (label, i) =>
    (byte)(random.Next(160) + (label == 0 ? i / 12 : i % 12) / 2 % 2 * 95))];
var train = Dataset.FromArrays("stripes", pixels[..(1024 * shape.Bytes)], labels[..1024], shape, classes: 2);
var test = Dataset.FromArrays("stripes", pixels[(1024 * shape.Bytes)..], labels[1024..], shape, classes: 2);
var data = new DataSplits(train, test, new Preprocessing([0.5f], [0.25f], CropPadding: 1, Flip: false));

string checkpoint = args.ElementAtOrDefault(0) ?? "stripes.safetensors";
var recipe = new Recipe { Epochs = int.Parse(args.ElementAtOrDefault(1) ?? "3"), BatchSize = 64, BatchSizeTest = 64, LearningRate = 0.05 };
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) => { pressed.Cancel = true; stop.Cancel(); };
using var device = new CpuDevice(); // or CudaDevice.Open()
using var trainer = new Trainer(recipe, device, data, network);
try
{
    while (!trainer.IsFinished)
        Console.WriteLine(Steps.Line(trainer.RunEpoch(new Steps(), stop.Token)));
}
catch (OperationCanceledException)
{
    Console.WriteLine($"stopped in epoch {trainer.State.Epoch + 1} after step {trainer.StepsDone}");
}

trainer.Save(checkpoint);
using var predictor = Predictor.Open(checkpoint, device, network);
int right = predictor.Labels(pixels.AsSpan(1024 * shape.Bytes)).Where((label, i) => label == labels[1024 + i]).Count();
Console.WriteLine($"the saved network recognises {right} of 256 images");

/// <summary>Shows the loss of every eighth training step, and what an epoch gave.</summary>
internal sealed class Steps : IProgress<StepReport>
{
    public static string Line(EpochReport e) =>
        $"epoch {e.Epoch + 1}: training loss {e.Train.Loss:f3}, {e.Validation.Top1:f1} % of the test images";

    public void Report(StepReport step)
    {
        if (step.Phase == Phase.Training && step.Step % 8 == 7)
            Console.WriteLine($"  step {step.Step + 1} of {step.Steps}: loss {step.Average.Loss:f3}");
    }
}
