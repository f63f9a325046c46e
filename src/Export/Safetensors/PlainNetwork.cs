using System.Text.Json;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Networks;
using ReSTE.Native.Training;

namespace ReSTE.Native.Export.Safetensors;

/// <summary>
/// An exported safetensors file, run as a plain PyTorch model would: images of float32, channels first, sums in single precision, signs as
/// -1 and +1. It shares nothing with the engine but the list of layers.
/// </summary>
internal sealed class PlainNetwork : IExportedForm
{
    private readonly IReadOnlyDictionary<string, float[]> _tensors;
    private readonly Layers _layers;
    private readonly Value _scores;
    private readonly ImageShape _image;
    private readonly float[] _mean, _deviation;
    private readonly int _threads;

    /// <summary>Reads a file.</summary>
    public PlainNetwork(SafetensorsFile file, int threads)
    {
        T Read<T>(string key) => JsonSerializer.Deserialize<T>(file.Metadata[key])!;
        int[] image = Read<int[]>(SafetensorsFormat.ImageKey);
        (_mean, _deviation) = (Read<float[]>(SafetensorsFormat.MeanKey), Read<float[]>(SafetensorsFormat.DeviationKey));
        _image = new ImageShape(image[0], image[1], image[2]);
        _threads = threads == 0 ? Environment.ProcessorCount : threads;
        _tensors = file.Tensors.ToDictionary(t => t.Name, t => file.ReadFloat32(t.Name));
        (_layers, _scores) = NetworkCatalog.Find(file.Metadata[SafetensorsFormat.DatasetKey], file.Metadata[SafetensorsFormat.NetworkKey])
            .Written(_image, Read<string[]>(SafetensorsFormat.ClassesKey).Length);
    }

    /// <inheritdoc/>
    public string Reader => "plain float32 arithmetic";

    /// <inheritdoc/>
    public float[][] Logits(ReadOnlySpan<byte> images)
    {
        byte[] all = images.ToArray();
        var scores = new float[all.Length / _image.Bytes][];
        Parallel.For(0, scores.Length, new ParallelOptions { MaxDegreeOfParallelism = _threads },
            i => scores[i] = Run(all.AsSpan(i * _image.Bytes, _image.Bytes)));
        return scores;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private float[] Run(ReadOnlySpan<byte> image)
    {
        var values = new Dictionary<int, float[]> { [_layers.Image.Number] = Normalised(image) };
        foreach (Layer layer in _layers.Written)
            values[layer.Output.Number] = Run(layer, values);
        return values[_scores.Number];
    }

    // As PyTorch's ToTensor and Normalize.
    private float[] Normalised(ReadOnlySpan<byte> image)
    {
        int pixels = _image.Height * _image.Width;
        var planes = new float[image.Length];
        for (int i = 0; i < image.Length; i++)
        {
            int channel = i % _image.Channels;
            planes[channel * pixels + i / _image.Channels] = (image[i] / 255f - _mean[channel]) / _deviation[channel];
        }

        return planes;
    }

    private float[] Run(Layer layer, Dictionary<int, float[]> values)
    {
        float[] Of(Value value) => values[value.Number];
        float[]? Maybe(Value? value) => value == null ? null : Of(value);
        return layer switch
        {
            ConvLayer l => Plain.Conv(Of(l.Input), l.Input.Shape, Tensor(l.Name, "weight"), l.Sizes),
            BinaryUnitLayer l => Norm(l.Norm, Plain.Activate(Signed(l.Name, Of(l.Input), l.Input, l.Sizes), l.Activation),
                l.Output.Shape.Last, l.Settings.Epsilon, Maybe(l.Shortcut)),
            BinaryConvLayer l => Signed(l.Name, Of(l.Input), l.Input, l.Sizes),
            BinaryLinearLayer l => Signed(l, Of(l.Input)),
            BatchNormLayer l => Norm(l.Name, l.Rectify ? Plain.Activate(Of(l.Input), Activation.Relu) : Of(l.Input), l.Output.Shape.Last,
                l.Settings.Epsilon, Maybe(l.Shortcut)),
            ActivationLayer l => Plain.Activate(Of(l.Input), l.Activation),
            ShortcutPadLayer l => Plain.Pad(Of(l.Input), l.Input.Shape, l.Output.Shape.Last),
            MaxPoolLayer l => Plain.MaxPool(Of(l.Input), l.Input.Shape, l.Output.Shape, l.Window),
            AveragePoolLayer l => Plain.AveragePool(Of(l.Input), l.Input.Shape, l.Size),
            FlattenLayer l => Of(l.Input),
            LinearLayer l => Plain.Linear(Of(l.Input), Tensor(l.Name, "weight"), Tensor(l.Name, "bias")),
            _ => throw new ExportException($"{layer.Name}: there is no plain form of {layer.GetType().Name}"),
        };
    }

    private float[] Signed(string name, float[] x, Value input, in ConvSizes sizes) =>
        Plain.Scale(Plain.Conv(Plain.Signs(x), input.Shape, Tensor(name, "weight"), sizes), Tensor(name, "scale"), sizes.Channels);

    private float[] Signed(BinaryLinearLayer l, float[] x)
    {
        int outputs = l.Output.Shape.Last;
        float[] counts = Plain.Linear(Plain.Signs(x), Tensor(l.Name, "weight"), new float[outputs]);
        float[] y = Plain.Scale(counts, Tensor(l.Name, "scale"), outputs);
        if (l.Bias == null)
            return y;
        float[] bias = Tensor(l.Name, "bias");
        return [.. y.Select((value, o) => value + bias[o])];
    }

    private float[] Norm(string name, float[] x, int channels, double epsilon, float[]? added)
    {
        float[] mean = Tensor(name, "running_mean"), variance = Tensor(name, "running_var");
        float[]? weight = _tensors.GetValueOrDefault(name + ".weight"), bias = _tensors.GetValueOrDefault(name + ".bias");
        var y = new float[x.Length];
        int pixels = x.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            float factor = (weight?[c] ?? 1) / MathF.Sqrt(variance[c] + (float)epsilon), shift = (bias?[c] ?? 0) - mean[c] * factor;
            for (int i = c * pixels; i < (c + 1) * pixels; i++)
                y[i] = x[i] * factor + shift + (added?[i] ?? 0);
        }

        return y;
    }

    private float[] Tensor(string layer, string part) => _tensors[$"{layer}.{part}"];
}
