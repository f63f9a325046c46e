using System.Globalization;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.Optimisers;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>One recorded network: its settings, and a run of ours filled with the same numbers.</summary>
internal sealed class ModelCase
{
    private readonly SafetensorsFile _file;
    private readonly string _prefix, _tag;

    public ModelCase(string name)
    {
        _file = ReferenceFiles.Open(name);
        _prefix = _file.Metadata["prefix"];
        _tag = _file.Metadata["model"];
        Batch = int.Parse(_file.Metadata["batch"], CultureInfo.InvariantCulture);
        Steps = int.Parse(_file.Metadata["steps"], CultureInfo.InvariantCulture);
        IsBinary = _tag.EndsWith("_1w1a", StringComparison.Ordinal);
        RealActivations = bool.Parse(_file.Metadata["a32"]);
        string[] names = _tag.Split('/');
        (Dataset, Model) = (names[0], names[1]);
        Network network = NetworkCatalog.Find(Dataset, Model);
        HasZeroWeights = network.Summarize(new ImageShape(Size, Size, 3), Classes).Any(layer => layer.IsBinary
            && PublishedStreams.Parameter(_prefix, _tag, layer.Name + ".weight", layer.Weight!.Value.ToArray()).Contains(0));
    }

    public SafetensorsFile File => _file;

    public int Batch { get; }

    public int Steps { get; }

    public bool IsBinary { get; }

    public bool RealActivations { get; }

    /// <summary>Whether a weight that is binarised is exactly zero: torch.sign gives 0 for it, where one bit has to say +1.</summary>
    public bool HasZeroWeights { get; }

    /// <summary>Whether its images are CIFAR's; else they are ImageNet's.</summary>
    public bool IsSmall => Dataset == "cifar10";

    private string Dataset { get; }

    private string Model { get; }

    private int Size => IsSmall ? 32 : 224;

    private int Classes => IsSmall ? 10 : 1000;

    private double Number(string key) => double.Parse(_file.Metadata[key], CultureInfo.InvariantCulture);

    /// <summary>The network on a device with the case's parameters, slopes and optimiser settings.</summary>
    /// <param name="device">Where.</param>
    /// <param name="mode">How its memory is laid out.</param>
    /// <param name="publishedSign">Whether sign(0) is 0 for weights, which the reference device alone can do.</param>
    public NetworkRun Build(Device device, Devices.SlabMode mode = Devices.SlabMode.Packed, bool publishedSign = false)
    {
        Estimator estimator = EstimatorCatalog.Create(new Recipe { Estimator = _file.Metadata["estimator"] });
        var run = new NetworkRun(device, Model, publishedSign ? new PublishedSign(estimator) : estimator, RealActivations, Batch, mode,
            size: Size, classes: Classes, dataset: Dataset);
        foreach (Parameter p in run.Parameters.Parameters)
        {
            float[] values = PublishedStreams.Parameter(_prefix, _tag, p.Name, p.Layout.Shape.ToArray());
            p.Write(Array.ConvertAll(values, v => (double)v));
        }

        SlopeParameters slope = estimator is Reste reste ? reste.Parameters(Number("o")) : default;
        run.SetKnobs(slope, slope, new Sgd(Number("momentum"), Number("weight_decay")), Number("lr"));
        return run;
    }

    /// <summary>Writes the inputs and labels of a step.</summary>
    public void Feed(NetworkRun run, int step)
    {
        run.WriteImages(PublishedStreams.Input($"{_prefix}/{_tag}/input{step}", (int)run.Images.Shape.Count));
        run.WriteLabels(PublishedStreams.Labels($"{_prefix}/{_tag}/labels{step}", Batch, run.Logits.Shape.Last));
    }

    /// <summary>What was recorded of a gradient: its norm, then values at the recorded indices.</summary>
    public double[] Recorded(string precision, string kind, string name) => kind == "grad"
        ? [.. _file.ReadFloat64($"{precision}step0.grad_norm/{name}"), .. _file.ReadFloat64($"{precision}step0.grad_value/{name}")]
        : _file.ReadFloat64($"{precision}step0.buffer_value/{name}");

    /// <summary>The recorded parameters, or statistics, by their published names.</summary>
    public IEnumerable<string> Names(string kind)
    {
        string prefix = $"f64.step0.{kind}_value/";
        return _file.Tensors.Select(t => t.Name).Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..]).Order(StringComparer.Ordinal);
    }

    /// <summary>The same selection from a tensor of ours.</summary>
    public double[] Select(string kind, string name, double[] whole)
    {
        long[] indices = _file.ReadInt64($"step0.{kind}_index/{name}");
        double[] values = [.. indices.Select(i => whole[i])];
        return kind == "grad" ? [Norm(whole), .. values] : values;
    }

    public static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(v => v * v));

    /// <summary>||a - b|| / ||b||.</summary>
    public static double Distance(double[] a, double[] b)
    {
        Assert.Equal(b.Length, a.Length);
        return Norm(a.Zip(b, (x, y) => x - y)) / Norm(b);
    }
}

/// <summary>What a first step gave: logits, losses of the first steps; gradients and statistics as recorded, by kind and name.</summary>
internal sealed record StepResult(double[] Logits, double[] Losses, Dictionary<string, double[]> Of);
