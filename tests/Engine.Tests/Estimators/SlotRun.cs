using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Optimisers;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Estimators;

/// <summary>A small network that uses what layers can be given, on one device with one estimator, its images and labels fixed.</summary>
internal sealed class SlotRun : IDisposable
{
    private const int Batch = 6, Classes = 3;
    private readonly Device _device;
    private readonly Slab _state, _workspace;
    private readonly Tensor _loss;

    public SlotRun(Device device, Estimator estimator)
    {
        _device = device;
        var recipes = new Sgd(0.75, 0.01);
        Optimiser optimiser = estimator.OwnOptimiser(recipes) ?? recipes;
        _state = new Slab(device, SlabMode.Guarded);
        _workspace = new Slab(device, SlabMode.Guarded);
        Parameters = new ParameterSet(device);
        Counters = new Counters(device, _state, "counters");
        Tape = new Tape(device, Parameters, training: true) { Counters = Counters };
        Variable images = Tape.NewVariable("images", new Shape(Batch, Shape.Height, Shape.Width, Shape.Channels), needsGradient: false);
        Tensor labels = Tape.NewTensor("labels", new Shape(Batch), ElementType.Int32);
        Variable logits = Network.RecordOn(Tape, estimator, realActivations: false, images, Classes);
        _loss = _state.Place(device.NewTensor("loss", new Shape(1), ElementType.Float64));
        Tensor metrics = _state.Place(device.NewTensor("metrics", new Shape(3), ElementType.Float64));
        SoftmaxCrossEntropy.Record(Tape, logits, labels, _loss, metrics);
        estimator.ModifyGradients(Tape);
        optimiser.Record(Tape, ParameterShare.All);
        estimator.AfterStep(Tape);
        Tape.Keep(images.Value);
        Tape.Keep(labels);
        Tape.Seal(_workspace);
        Parameters.Place(_state);
        _state.Commit();
        Parameters.Bind();
        _workspace.Commit();
        Parameters.Initialise(3);
        Counters.Set(0, 0, 1);
        device.Write<double>(metrics, [0, 0, 0]);
        optimiser.SetEpoch(Parameters.Knobs, new EpochRates(0.05));
        estimator.SetEpoch(Parameters.Knobs, 0, 2);
        Parameters.Knobs.Upload();
        var random = new Random(5);
        device.WriteReals(images.Value,
            [.. Enumerable.Range(0, (int)images.Shape.Count).Select(_ => (double)(float)(4 * random.NextDouble() - 2))]);
        device.Write<int>(labels, [.. Enumerable.Range(0, Batch).Select(n => n % Classes)]);
    }

    public static ImageShape Shape { get; } = new(6, 5, 2);

    public static Network Network { get; } = new("slots", (net, image, classes) =>
    {
        Value x = net.Conv("stem", image, 3, kernel: 3, stride: 1, padding: 1, Initialisation.HeNormal(18));
        // Pooled where no two values are equal, for there alone a difference tells the gradient.
        x = net.MaxPool("max", net.BatchNorm("bn0", x, settings: new BatchNormSettings(0.25, 1e-3, Affine: false)), 3, 1, padding: 1);
        x = net.HardTanh("tanh", x);
        x = net.BinaryUnit(EverySlot.BinaryLayer, "bn1", x, 4, kernel: 3, stride: 1, padding: 1, Initialisation.Normal(0.6),
            activation: Activation.HardTanh, settings: new BatchNormSettings(1, 1e-5, Affine: true));
        x = net.BinaryUnit("conv2", "bn2", x, 5, kernel: 3, stride: 2, padding: 1, Initialisation.HeNormal(36),
            activation: Activation.None);
        return net.Linear("fc", net.Flatten("flat", x), classes, Initialisation.PyTorchDefault(45), Initialisation.Constant(0));
    });

    public ParameterSet Parameters { get; }

    public Tape Tape { get; }

    public Counters Counters { get; }

    public double Loss
    {
        get
        {
            var value = new double[1];
            _device.Read<double>(_loss, value);
            return value[0];
        }
    }

    public void CheckGuards()
    {
        _workspace.CheckGuards();
        _state.CheckGuards();
    }

    /// <summary>Every number that is kept between steps, and every gradient, by name.</summary>
    public Dictionary<string, double[]> Numbers()
    {
        Dictionary<string, double[]> all = Tapes.Snapshot.OfState(Parameters);
        foreach (Parameter p in Parameters.Parameters)
            all.Add("gradient of " + p.Name, p.ReadGradient());
        return all;
    }

    public void Dispose()
    {
        Tape.Dispose();
        _workspace.Dispose();
        _state.Dispose();
    }
}
