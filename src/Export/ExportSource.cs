using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Networks;
using ReSTE.Native.Ops;
using ReSTE.Native.StateFiles;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Export;

/// <summary>What another program's weights do not say of their network.</summary>
/// <param name="Recipe">Its name, data set and estimator.</param>
/// <param name="Preprocessing">How the bytes of images become its inputs.</param>
/// <param name="Image">Size of its images.</param>
/// <param name="Classes">Number of its classes.</param>
public sealed record ForeignNetwork(Recipe Recipe, Preprocessing Preprocessing, ImageShape Image, int Classes);

/// <summary>A trained network that is to be written in another form, as the engine runs it on this processor.</summary>
public sealed class ExportSource : IDisposable
{
    private const int BatchSize = 64;

    private readonly CpuDevice _device;
    private readonly Predictor _predictor;

    private ExportSource(CpuDevice device, Predictor predictor, Recipe recipe, Preprocessing preprocessing)
    {
        (_device, _predictor, Recipe, Preprocessing) = (device, predictor, recipe, preprocessing);
        // A network's signs are found with its first image.
        predictor.Logits(new byte[predictor.Shape.Bytes]);
    }

    /// <summary>What it was trained by, or, of another program's weights, what the caller says.</summary>
    public Recipe Recipe { get; }

    /// <summary>How the bytes of its images become inputs.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Its top-1 in percent as its training measured it; null where that is not known.</summary>
    public double? Top1 { get; private init; }

    /// <summary>Size of its images.</summary>
    public ImageShape Image => _predictor.Shape;

    /// <summary>Number of its classes.</summary>
    public int Classes => _predictor.Classes;

    /// <summary>Parameters and running statistics in it.</summary>
    public long Numbers => _predictor.Parameters.Parameters.Concat(_predictor.Parameters.Statistics).Sum(tensor => tensor.Shape.Count);

    /// <summary>The layers, and the value that holds the scores.</summary>
    internal IReadOnlyList<Layer> Layers => _predictor.Layers.Written;

    /// <summary>What its binary layers take, by their names.</summary>
    internal IReadOnlyDictionary<string, (ConvInput Input, ConvWeights Weights)> Binarised => _predictor.Binarised;

    /// <summary>Opens a checkpoint of any form.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads to run it on; 0 for one a processor.</param>
    /// <param name="foreign">Asked where another program saved it.</param>
    /// <exception cref="CheckpointException">The file is missing, damaged, or of another network.</exception>
    public static ExportSource Open(string path, int threads, Func<ForeignNetwork> foreign)
    {
        StateDictionary any = StateFile.Open(path);
        var device = new CpuDevice(threads);
        try
        {
            if (CheckpointFormat.Own(any, network: null) is { } own)
            {
                Recipe saved = CheckpointMetadata.Recipe(own);
                return new ExportSource(device, Predictor.Open(own, device, saved, network: null, BatchSize, keepsSigns: true), saved,
                    CheckpointMetadata.Input(own).Preprocessing)
                {
                    Top1 = CheckpointMetadata.Top1(own, saved),
                };
            }

            ForeignNetwork network = foreign();
            var input = new NetworkInput(network.Image, network.Classes, network.Preprocessing.Mean, network.Preprocessing.Deviation);
            return new ExportSource(device, Predictor.Open(any, device, network.Recipe, input, BatchSize, keepsSigns: true), network.Recipe,
                network.Preprocessing);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>The engine's scores, as <see cref="Predictor.Logits"/> gives them.</summary>
    public float[][] Logits(ReadOnlySpan<byte> images) => _predictor.Logits(images);

    /// <inheritdoc/>
    public void Dispose()
    {
        _predictor.Dispose();
        _device.Dispose();
    }

    /// <summary>A parameter or statistic by its published name; null where the network has none of it.</summary>
    internal StateTensor? Tensor(string name) =>
        _predictor.Parameters.Parameters.Concat(_predictor.Parameters.Statistics).FirstOrDefault(t => t.Name == name);

    /// <summary>A parameter or statistic in the engine's order, by its published name; null where the network has none of it.</summary>
    internal float[]? Find(string name) => Tensor(name) is { } tensor ? Read(tensor.Value) : null;

    /// <summary>Whether a parameter is seen by its sign.</summary>
    internal bool IsBinary(string name) => _predictor.Parameters.Parameters.Any(p => p.IsBinary && p.Name == name);

    /// <summary>A parameter or statistic that the network has.</summary>
    internal float[] this[string name] => Find(name) ?? throw new InvalidOperationException($"the network has no {name}");

    /// <summary>The numbers of a tensor on its device.</summary>
    internal float[] Read(Tensors.Tensor tensor) => Array.ConvertAll(_device.ReadReals(tensor), value => (float)value);

    /// <summary>The signs of a layer's weights, [O,K,K,words].</summary>
    internal uint[] Signs(SignWeights weights)
    {
        var words = new uint[weights.Signs.Value.Shape.Count];
        _device.Read<uint>(weights.Signs.Value, words);
        return words;
    }
}
