using System.Globalization;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Optimisers;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>One recorded layer of an estimator that fills more than its slope, with its inputs, weights and output gradients.</summary>
internal sealed class EstimatorLayerCase
{
    public const string Layer = "y";

    private readonly string _stream;

    public EstimatorLayerCase(string name)
    {
        File = ReferenceFiles.Open(name);
        Prefix = File.Metadata["prefix"];
        _stream = $"{Prefix}/{File.Metadata["tag"]}";
        Input = new Shape(Whole("batch"), Whole("height"), Whole("width"), Whole("in_channels"));
        Outputs = Whole("out_channels");
        Kernel = Whole("kernel");
    }

    public SafetensorsFile File { get; }

    public Shape Input { get; }

    public int Outputs { get; }

    public int Kernel { get; }

    private string Prefix { get; }

    public double Number(string key) => double.Parse(File.Metadata[key], CultureInfo.InvariantCulture);

    public int Whole(string key) => int.Parse(File.Metadata[key], CultureInfo.InvariantCulture);

    /// <summary>Latent weights O,I,H,W, times a factor in single precision.</summary>
    public float[] Weights(float factor)
    {
        float[] weights = PublishedStreams.Parameter(Prefix, File.Metadata["tag"], "weight", Outputs, Input.Last, Kernel, Kernel);
        return Array.ConvertAll(weights, w => factor * w);
    }

    public float[] Symmetric(string name, int count) => PublishedStreams.Symmetric($"{_stream}/{name}", count);

    /// <summary>N,C,H,W: the deviations of the two images differ, and their means are not zero.</summary>
    public double[] Images(string name)
    {
        float[] values = PublishedStreams.Input($"{_stream}/{name}", (int)Input.Count);
        int image = values.Length / Input[0];
        return [.. values.Select((v, i) => (double)((i < image ? 1 : 0.25f) * (v + 0.25f)))];
    }

    public double[] OutputGradient(string name, Func<int, double> channelFactor)
    {
        int area = Input[1] * Input[2], count = Input[0] * Outputs * area;
        return [.. Symmetric(name, count).Select((v, i) => v * channelFactor(i / area % Outputs))];
    }
}

/// <summary>The layer on a device: a step runs forward, backward and what the estimator and the optimiser do after it.</summary>
internal sealed class EstimatorLayerRun : IDisposable
{
    private readonly Device _device;
    private readonly Slab _state, _workspace;
    private readonly Tape _tape;
    private readonly ParameterSet _parameters;
    private readonly Variable _x, _y;
    private readonly Tensor? _scale;
    private readonly Fed _gradient;

    public EstimatorLayerRun(EstimatorLayerCase layer, Device device, Estimator estimator, int epoch, int epochs, Sgd? optimiser,
        float[] weights)
    {
        _device = device;
        (_state, _workspace) = (new Slab(device, SlabMode.Guarded), new Slab(device, SlabMode.Guarded));
        _parameters = new ParameterSet(device);
        _tape = new Tape(device, _parameters, training: true);
        _x = _tape.NewVariable("x", layer.Input);
        Weight = _parameters.Parameter(EstimatorLayerCase.Layer + ".weight",
            PublishedLayout.Convolution(layer.Outputs, layer.Input.Last, layer.Kernel), Initialisation.Constant(0), isBinary: true);
        var (input, binary) = estimator.Binarize(_tape, EstimatorLayerCase.Layer, _x, Weight.Variable, realActivations: false);
        _y = BinaryConv.Record(_tape, EstimatorLayerCase.Layer, input, binary, layer.Whole("stride"), layer.Whole("padding"));
        _gradient = new Fed(device, _y);
        _tape.Record(_gradient);
        _scale = (binary as SignWeights)?.Scale;
        foreach (Tensor kept in new[] { _x.Value, _y.Value, _scale }.OfType<Tensor>())
            _tape.Keep(kept);
        estimator.ModifyGradients(_tape);
        optimiser?.Record(_tape, ParameterShare.All);
        estimator.AfterStep(_tape);
        _tape.Seal(_workspace);
        _parameters.Place(_state);
        _state.Commit();
        _parameters.Bind();
        _workspace.Commit();
        _parameters.Initialise(1);
        Weight.Write(Array.ConvertAll(weights, w => (double)w));
        optimiser?.SetEpoch(_parameters.Knobs, new EpochRates(layer.Number("lr")));
        estimator.SetEpoch(_parameters.Knobs, epoch, epochs);
        _parameters.Knobs.Upload();
    }

    public Parameter Weight { get; }

    public double[] Scale => _device.ReadReals(_scale!);

    public double[] Output => Published(_y.Value);

    public double[] InputGradient => Published(_x.Gradient!);

    public Parameter Parameter(string name) => _parameters.Parameters.Single(p => p.Name == name);

    public double[] State(string name) => _parameters.Statistics.Single(s => s.Name == name).Read();

    /// <summary>Forward and backward; what is read until <see cref="Update"/> is as the backward pass left it.</summary>
    public void Step(double[] images, double[] outputGradient)
    {
        _device.WriteReals(_x.Value, ChannelsLast(images, _x.Shape));
        _gradient.Values = ChannelsLast(outputGradient, _y.Shape);
        _tape.Forward();
        _tape.Backward();
        _workspace.CheckGuards();
        _state.CheckGuards();
    }

    public void Update()
    {
        _tape.Update();
        _state.CheckGuards();
    }

    public void Dispose()
    {
        _tape.Dispose();
        _workspace.Dispose();
        _state.Dispose();
    }

    private double[] Published(Tensor tensor)
    {
        double[] engine = _device.ReadReals(tensor), published = new double[engine.Length];
        for (int i = 0; i < engine.Length; i++)
            published[Place(i, tensor.Shape)] = engine[i];
        return published;
    }

    private static double[] ChannelsLast(double[] published, Shape s) =>
        [.. Enumerable.Range(0, published.Length).Select(i => published[Place(i, s)])];

    /// <summary>Where in N,C,H,W an element of N,H,W,C stands.</summary>
    private static int Place(int i, Shape s)
    {
        int area = s[1] * s[2], channels = s[3];
        return (i / channels / area * channels + i % channels) * area + i / channels % area;
    }

    /// <summary>Puts the output gradient at hand where the loss would.</summary>
    private sealed class Fed(Device device, Variable value) : Op
    {
        public double[] Values { get; set; } = [];

        internal override IEnumerable<Tensor?> ForwardTouches => [value.Value];

        internal override IEnumerable<Tensor?> BackwardTouches => [value.Gradient];

        public override void Forward(IKernels kernels)
        {
        }

        public override void Backward(IKernels kernels) => device.WriteReals(value.Gradient!, Values);

        internal override void Connect(Sealing seal) => Assert.Equal(GradMode.Write, seal.Contribute(value));
    }
}
