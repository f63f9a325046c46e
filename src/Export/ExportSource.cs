using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Networks;
using ReSTE.Native.Ops;
using ReSTE.Native.StateFiles;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Export;

/// <summary>A trained network that is to be written in another form, as the engine runs it on this processor.</summary>
public sealed class ExportSource : IDisposable
{
    private const int BatchSize = 64;

    private readonly CpuDevice _device;
    private readonly Predictor _predictor;

    private ExportSource(CpuDevice device, Predictor predictor, Recipe recipe, Preprocessing preprocessing, bool isForeign)
    {
        (_device, _predictor, Recipe, Preprocessing, IsForeign) = (device, predictor, recipe, preprocessing, isForeign);
        // A network's signs are found with its first image.
        predictor.Logits(new byte[predictor.Shape.Bytes]);
    }

    /// <summary>What it was trained by, or, of another program's weights, what the caller says.</summary>
    public Recipe Recipe { get; }

    /// <summary>How the bytes of its images become inputs.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Whether another program saved it.</summary>
    public bool IsForeign { get; }

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
    /// <param name="foreign">What the weights of another program are, which do not say: the recipe, and how images become inputs.</param>
    /// <exception cref="CheckpointException">The file is missing, damaged, or of another network.</exception>
    public static ExportSource Open(string path, int threads, Func<(Recipe Recipe, Preprocessing Preprocessing, ImageShape Image, int Classes)> foreign)
    {
        StateDictionary any = StateFile.Open(path);
        var device = new CpuDevice(threads);
        try
        {
            if (CheckpointFormat.Own(any, network: null) is { } own)
            {
                Recipe saved = CheckpointMetadata.Recipe(own);
                return new ExportSource(device, Predictor.Open(own, device, saved, network: null, BatchSize, keepsSigns: true), saved,
                    CheckpointMetadata.Input(own).Preprocessing, isForeign: false)
                {
                    Top1 = CheckpointMetadata.Top1(own, saved),
                };
            }

            var (recipe, preprocessing, image, classes) = foreign();
            var input = new NetworkInput(image, classes, preprocessing.Mean, preprocessing.Deviation);
            return new ExportSource(device, Predictor.Open(any, device, recipe, input, BatchSize, keepsSigns: true), recipe, preprocessing,
                isForeign: true);
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

    /// <summary>A parameter or statistic in the engine's order, by its published name; null where the network has none of it.</summary>
    internal float[]? Find(string name)
    {
        StateTensor? tensor = _predictor.Parameters.Parameters.Concat(_predictor.Parameters.Statistics).FirstOrDefault(t => t.Name == name);
        return tensor == null ? null : Read(tensor.Value);
    }

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
