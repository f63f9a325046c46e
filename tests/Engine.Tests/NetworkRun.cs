using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Ops;
using ReSTE.Native.Optimisers;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests;

/// <summary>
/// A catalogued network with its loss on one device, fed from the host: images [N,H,W,C] and labels are written before each run.
/// </summary>
internal sealed class NetworkRun : IDisposable
{
    private readonly Slab _state, _workspace;

    public NetworkRun(Device device, string model, Estimator estimator, bool realActivations, int batch, SlabMode mode = SlabMode.Packed,
        bool training = true, int size = 32, int classes = 10, string dataset = "cifar10")
    {
        Device = device;
        var sgd = new Sgd(0.9, 1e-4);
        Optimiser = estimator.OwnOptimiser(sgd) ?? sgd;
        Parameters = new ParameterSet(device);
        Tape = new Tape(device, Parameters, training);
        _state = new Slab(device, mode);
        _workspace = new Slab(device, mode);

        Images = Tape.NewVariable("images", new Shape(batch, size, size, 3), needsGradient: false);
        Labels = Tape.NewTensor("labels", new Shape(batch), ElementType.Int32);
        Logits = NetworkCatalog.Find(dataset, model).RecordOn(Tape, estimator, realActivations, Images, classes);
        Loss = _state.Place(device.NewTensor("loss", new Shape(1), ElementType.Float64));
        Metrics = _state.Place(device.NewTensor("metrics", new Shape(3), ElementType.Float64));
        SoftmaxCrossEntropy.Record(Tape, Logits, Labels, Loss, Metrics);
        Tape.Keep(Images.Value);
        Tape.Keep(Labels);
        Tape.Keep(Logits.Value);
        if (training)
            Optimiser.Record(Tape, ParameterShare.All);

        Parameters.Knobs.Named(Indicators.ExponentKnob, 1);
        Tape.Seal(_workspace);
        Parameters.Place(_state);
        _state.Commit();
        Parameters.Bind();
        _workspace.Commit();
        device.Write<double>(Metrics, [0, 0, 0]);
        Parameters.Initialise(1);
    }

    /// <summary>What updates it; its numbers are set by <see cref="SetKnobs"/>.</summary>
    public Optimiser Optimiser { get; }

    public Device Device { get; }

    public ParameterSet Parameters { get; }

    public Tape Tape { get; }

    public Variable Images { get; }

    public Tensor Labels { get; }

    public Variable Logits { get; }

    public Tensor Loss { get; }

    public Tensor Metrics { get; }

    public double LossValue
    {
        get
        {
            var value = new double[1];
            Device.Read<double>(Loss, value);
            return value[0];
        }
    }

    /// <summary>Writes images given as N,C,H,W, the order of files and of PyTorch.</summary>
    public void WriteImages(ReadOnlySpan<float> published)
    {
        Shape s = Images.Shape;
        var values = new double[s.Count];
        int area = s[1] * s[2], channels = s[3];
        for (int n = 0; n < s[0]; n++)
            for (int c = 0; c < channels; c++)
                for (int p = 0; p < area; p++)
                    values[((n * area) + p) * channels + c] = published[(n * channels + c) * area + p];
        Device.WriteReals(Images.Value, values);
    }

    /// <summary>Sets every number that a training would set between epochs.</summary>
    public void SetKnobs(SlopeParameters weights, SlopeParameters activations, Optimiser optimiser, double learningRate)
    {
        Parameters.Knobs.Set(Estimator.WeightSlopeKnob, weights);
        Parameters.Knobs.Set(Estimator.ActivationSlopeKnob, activations);
        Parameters.Knobs.Set(Indicators.ExponentKnob, 3);
        optimiser.SetEpoch(Parameters.Knobs, new EpochRates(learningRate));
        Parameters.Knobs.Upload();
    }

    public void WriteLabels(ReadOnlySpan<int> labels) => Device.Write(Labels, labels);

    public void Poison() => _workspace.Poison();

    public void CheckGuards()
    {
        _workspace.CheckGuards();
        _state.CheckGuards();
        Parameters.CheckGuards();
    }

    public void Dispose()
    {
        Tape.Dispose();
        _workspace.Dispose();
        _state.Dispose();
    }
}
