using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Tapes;

/// <summary>
/// Every op may be a network's first: nobody needs the gradient of the images, so it must not be computed, and nothing else suffers.
/// </summary>
public sealed class ImageGradientTests
{
    private const int Batch = 4;

    [Theory]
    [InlineData("conv")]
    [InlineData("binary conv")]
    [InlineData("sign conv")]
    [InlineData("batch norm")]
    [InlineData("relu")]
    [InlineData("pad")]
    [InlineData("add")]
    [InlineData("pool")]
    public void An_op_on_images_leaves_their_gradient_alone(string op)
    {
        foreach (Device device in new Device[] { new ReferenceDevice(), new CpuDevice(1) })
        {
            using (device)
                Run(device, op);
        }
    }

    private static void Run(Device device, string op)
    {
        var parameters = new ParameterSet(device);
        var tape = new Tape(device, parameters, training: true);
        Variable images = tape.NewVariable("images", new Shape(Batch, 4, 4, 2), needsGradient: false);
        Variable y = First(tape, op, images);
        Variable features = y.Shape.Rank == 2 ? y : AveragePool.Record(tape, "features", y);
        PublishedLayout layout = PublishedLayout.Same(new Shape(3, features.Shape.Last));
        Parameter w = parameters.Parameter("fc.weight", layout, Initialisation.Normal(1));
        Parameter b = parameters.Parameter("fc.bias", PublishedLayout.Same(new Shape(3)), Initialisation.Constant(0));
        Variable logits = Linear.Record(tape, "fc", features, w, b);
        Tensor labels = tape.NewTensor("labels", new Shape(Batch), ElementType.Int32);
        Tensor loss = device.NewTensor("loss", new Shape(1), ElementType.Float64),
            metrics = device.NewTensor("metrics", new Shape(3), ElementType.Float64);
        SoftmaxCrossEntropy.Record(tape, logits, labels, loss, metrics);
        using var slab = new Slab(device, SlabMode.Guarded);
        tape.Seal(slab);
        slab.Place(loss);
        slab.Place(metrics);
        parameters.Place(slab);
        slab.Commit();
        parameters.Bind();
        parameters.Initialise(1);
        parameters.Knobs.Upload();
        device.Write<double>(metrics, [0, 0, 0]);
        device.WriteReals(images.Value, [.. Enumerable.Range(0, Batch * 32).Select(i => (i * 7 % 11 - 5) / 4.0)]);
        device.Write<int>(labels, [0, 1, 2, 1]);
        tape.Run();

        slab.CheckGuards();
        Assert.Null(images.Gradient);
        Assert.Contains(w.ReadGradient(), v => v != 0);
        foreach (Parameter p in parameters.Parameters)
            Assert.All(p.ReadGradient(), v => Assert.True(double.IsFinite(v), $"{device.Name}, {op}: {p.Name}"));
    }

    private static Variable First(Tape tape, string op, Variable x)
    {
        Variable Weight() =>
            tape.Parameters.Parameter("conv.weight", PublishedLayout.Convolution(3, 2, 3), Initialisation.Normal(1)).Variable;
        Variable Binary(bool realActivations)
        {
            var (input, weights) = new ClippedSte().Binarize(tape, "y", x, Weight(), realActivations);
            return BinaryConv.Record(tape, "y", input, weights, stride: 1, padding: 1);
        }

        return op switch
        {
            "conv" => Conv.Record(tape, "y", x, Weight(), stride: 1, padding: 1),
            "binary conv" => Binary(realActivations: false),
            "sign conv" => Binary(realActivations: true),
            "batch norm" => BatchNorm.Record(tape, "y", x, rectify: true, BatchNormSettings.Default, shortcut: x),
            "relu" => Relu.Record(tape, "y", x),
            "pad" => ShortcutPad.Record(tape, "y", x, channels: 4),
            "add" => Add.Record(tape, "y", x, x),
            _ => AveragePool.Record(tape, "y", x),
        };
    }
}
