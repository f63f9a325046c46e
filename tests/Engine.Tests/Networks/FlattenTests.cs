using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Reference;
using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Networks;

/// <summary>A flattened image meets a linear layer whose columns files order as PyTorch flattens, channels first.</summary>
public sealed class FlattenTests
{
    private const int Batch = 2, Height = 2, Width = 3, Channels = 4, Outputs = 5, Inputs = Height * Width * Channels;

    [Fact]
    public void The_weights_of_files_mean_channels_first()
    {
        using var run = new Run(usedTwice: false);
        Assert.Equal(new Shape(Outputs, Inputs), run.Weight.Shape);
        run.Tape.Forward();
        for (int n = 0; n < Batch; n++)
            for (int o = 0; o < Outputs; o++)
                Assert.Equal(Published(run, n, o), run.Logits[n * Outputs + o], 1e-12);
        run.Tape.Backward();
        double[] gradient = run.Weight.ReadGradient();
        for (int o = 0; o < Outputs; o++)
            for (int i = 0; i < Inputs; i++)
                Assert.Equal(Enumerable.Range(0, Batch).Sum(n => run.Dy[n * Outputs + o] * run.Image(n, i)),
                    gradient[o * Inputs + i], 1e-12);
    }

    // The gradient of what is flattened shares the memory of the flat gradient; where another layer adds to it, it is the sum.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gradient_reaches_what_was_flattened(bool usedTwice)
    {
        using var run = new Run(usedTwice);
        run.Tape.Forward();
        run.Tape.Backward();
        double[] weights = run.Weight.Read();
        double[] stem = run.Stem.ReadGradient();
        for (int c = 0; c < Channels; c++)
        {
            double expected = 0;
            for (int n = 0; n < Batch; n++)
                for (int pixel = 0; pixel < Height * Width; pixel++)
                {
                    double dx = Enumerable.Range(0, Outputs)
                        .Sum(o => run.Dy[n * Outputs + o] * weights[o * Inputs + c * Height * Width + pixel]);
                    if (usedTwice)
                        dx += run.PooledDy[n * Channels + c] / (Height * Width);
                    expected += dx * run.Pixel(n, pixel);
                }

            Assert.Equal(expected, stem[c], 1e-12);
        }
    }

    // Neither an activation nor a batch norm in between loses what the columns mean.
    [Fact]
    public void Layers_between_keep_the_order_of_files()
    {
        var network = new Network("between", (net, image, classes) =>
        {
            Value x = net.BatchNorm("bn", net.HardTanh("tanh", net.Flatten("flat", image)));
            x = net.ReluBatchNorm("bn2", net.Relu("relu", x));
            return net.Linear("fc", x, classes, Initialisation.Normal(1), Initialisation.Constant(0));
        });
        using var device = new ReferenceDevice();
        var parameters = new ParameterSet(device);
        var tape = new Tape(device, parameters, training: true);
        Variable images = tape.NewVariable("images", new Shape(Batch, Height, Width, Channels), needsGradient: false);
        network.RecordOn(tape, new ClippedSte(), realActivations: false, images, Outputs);
        double[] engine = [.. Enumerable.Range(0, Inputs).Select(i => (double)i)];
        // Element (h, w, c) of the engine is element (c, h, w) of a file.
        double[] published = [.. from c in Enumerable.Range(0, Channels)
                                 from pixel in Enumerable.Range(0, Height * Width)
                                 select (double)(pixel * Channels + c)];
        foreach (string name in (string[])["bn.weight", "bn.bias", "bn2.weight"])
            Assert.Equal(published, parameters.Parameters.Single(p => p.Name == name).Layout.ToPublished(engine));
        foreach (StateTensor statistic in parameters.Statistics)
            Assert.Equal(published, statistic.Layout.ToPublished(engine));
        double[] row = [.. engine, .. new double[(Outputs - 1) * Inputs]];
        Assert.Equal(published, parameters.Parameters.Single(p => p.Name == "fc.weight").Layout.ToPublished(row)[..Inputs]);
    }

    private static double Published(Run run, int n, int o)
    {
        double[] weights = run.Weight.Read();
        return Enumerable.Range(0, Inputs).Sum(i => weights[o * Inputs + i] * run.Image(n, i));
    }

    /// <summary>A 1x1 convolution of one channel to four, flattened, a linear layer; and where it is used twice, pooled beside.</summary>
    private sealed class Run : IDisposable
    {
        private readonly ReferenceDevice _device = new();
        private readonly Slab _slab;
        private readonly Variable _logits;
        private readonly double[] _pixels = Values(Batch * Height * Width, 1);

        public Run(bool usedTwice)
        {
            _slab = new Slab(_device, SlabMode.Guarded);
            var parameters = new ParameterSet(_device);
            Tape = new Tape(_device, parameters, training: true);
            Variable image = Tape.NewVariable("image", new Shape(Batch, Height, Width, 1), needsGradient: false);
            var net = new Layers(new Shape(Height, Width, 1));
            Value stem = net.Conv("stem", net.Image, Channels, 1, 1, 0, Initialisation.Normal(1));
            Value logits = net.Linear("fc", net.Flatten("flat", stem), Outputs, Initialisation.Normal(1), Initialisation.Constant(0));
            Value pooled = net.AveragePool("pool", stem);
            var reader = new TapeReader(Tape, new ClippedSte(), realActivations: false);
            _logits = reader.Record(net, image, logits);
            Tape.Record(new FedGradient(_device, _logits, Dy));
            if (usedTwice)
                Tape.Record(new FedGradient(_device, reader.Recorded(pooled), PooledDy));
            Tape.Keep(image.Value);
            Tape.Keep(_logits.Value);
            Tape.Seal(_slab);
            parameters.Place(_slab);
            _slab.Commit();
            parameters.Bind();
            parameters.Initialise(4);
            _device.WriteReals(image.Value, _pixels);
            (Stem, Weight) = (parameters.Parameters[0], parameters.Parameters[1]);
        }

        public Tape Tape { get; }
        public Parameter Stem { get; }
        public Parameter Weight { get; }
        public double[] Dy { get; } = Values(Batch * Outputs, 2);
        public double[] PooledDy { get; } = Values(Batch * Channels, 3);
        public double[] Logits => _device.ReadReals(_logits.Value);

        public double Pixel(int n, int pixel) => _pixels[n * Height * Width + pixel];

        /// <summary>Element i of image n after the stem, in PyTorch's order: channel, row, column.</summary>
        public double Image(int n, int i) => Stem.Read()[i / (Height * Width)] * Pixel(n, i % (Height * Width));

        public void Dispose()
        {
            Tape.Dispose();
            _slab.Dispose();
            _device.Dispose();
        }

        private static double[] Values(int count, int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
        }
    }
}
