using System.Globalization;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Ops;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>One recorded binary convolution, and a tape of ours with the same numbers.</summary>
internal sealed class LayerCase
{
    private readonly string _prefix, _tag;
    private readonly int _stride, _padding, _batch, _inputs, _outputs, _kernel, _height, _width;

    public LayerCase(string name)
    {
        File = ReferenceFiles.Open(name);
        _prefix = File.Metadata["prefix"];
        _tag = File.Metadata["tag"];
        (_batch, _inputs, _outputs) = (Whole("batch"), Whole("in_channels"), Whole("out_channels"));
        (_height, _width, _kernel) = (Whole("height"), Whole("width"), Whole("kernel"));
        (_stride, _padding) = (Whole("stride"), Whole("padding"));
        RealActivations = bool.Parse(File.Metadata["a32"]);
        Weights = PublishedStreams.Parameter(_prefix, _tag, "weight", _outputs, _inputs, _kernel, _kernel);
    }

    public SafetensorsFile File { get; }

    public bool RealActivations { get; }

    /// <summary>The latent weights, O,I,H,W.</summary>
    public float[] Weights { get; }

    /// <summary>Forward and backward of the layer on a device; all results N,C,H,W or O,I,H,W.</summary>
    public LayerResult Run(Device device)
    {
        var parameters = new ParameterSet(device);
        var tape = new Tape(device, parameters, training: true);
        Variable x = tape.NewVariable("x", new Shape(_batch, _height, _width, _inputs));
        PublishedLayout layout = PublishedLayout.Convolution(_outputs, _inputs, _kernel);
        Parameter w = parameters.Parameter("weight", layout, Initialisation.Constant(0), isBinary: true);
        Estimator estimator = File.Metadata["estimator"] == "STE" ? new ClippedSte() : new Reste();
        var (input, weights) = estimator.Binarize(tape, "y", x, w.Variable, RealActivations);
        Variable y = BinaryConv.Record(tape, "y", input, weights, _stride, _padding);
        tape.Record(
            new FedGradient(device, y, ToEngine(PublishedStreams.Symmetric($"{_prefix}/{_tag}/grad", (int)y.Shape.Count), y.Shape)));
        tape.Keep(x.Value);
        tape.Keep(y.Value);
        using var state = new Slab(device, SlabMode.Guarded);
        using var workspace = new Slab(device, SlabMode.Guarded);
        Seal(tape, parameters, state, workspace);
        w.Write(Array.ConvertAll(Weights, v => (double)v));
        device.WriteReals(x.Value, ToEngine(PublishedStreams.Input($"{_prefix}/{_tag}/input", (int)x.Shape.Count), x.Shape));
        tape.Forward();
        tape.Backward();
        workspace.CheckGuards();
        state.CheckGuards();
        return new LayerResult(ToPublished(device.ReadReals(y.Value), y.Shape),
            ToPublished(device.ReadReals(x.Gradient!), x.Shape), w.ReadGradient());
    }

    private static double[] ToEngine(float[] published, Shape s) => Reorder(s, (to, from) => (to, from), i => published[i]);

    private static double[] ToPublished(double[] engine, Shape s) => Reorder(s, (to, from) => (from, to), i => engine[i]);

    /// <summary>Pairs every element's place in N,H,W,C with that in N,C,H,W.</summary>
    private static double[] Reorder(Shape s, Func<int, int, (int To, int From)> direction, Func<int, double> read)
    {
        var result = new double[s.Count];
        int area = s[1] * s[2], channels = s[3];
        for (int i = 0; i < result.Length; i++)
        {
            int c = i % channels, pixel = i / channels % area, n = i / channels / area;
            (int to, int from) = direction(i, (n * channels + c) * area + pixel);
            result[to] = read(from);
        }

        return result;
    }

    private void Seal(Tape tape, ParameterSet parameters, Slab state, Slab workspace)
    {
        tape.Seal(workspace);
        parameters.Place(state);
        state.Commit();
        parameters.Bind();
        workspace.Commit();
        SlopeParameters slope = new Reste(3, Number("t")).Parameters(Number("o"));
        parameters.Knobs.Set(Estimator.WeightSlopeKnob, slope);
        parameters.Knobs.Set(Estimator.ActivationSlopeKnob, slope);
        parameters.Knobs.Upload();
    }

    private int Whole(string key) => int.Parse(File.Metadata[key], CultureInfo.InvariantCulture);

    private double Number(string key) => double.Parse(File.Metadata[key], CultureInfo.InvariantCulture);
}
