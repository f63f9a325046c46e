using ReSTE.Native.Checkpoints;
using ReSTE.Native.Networks;
using ReSTE.Native.Packed;
using ReSTE.Native.Tapes;
using SignConv = ReSTE.Native.Packed.SignConv;

namespace ReSTE.Native.Export.Safetensors;

/// <summary>
/// A network's tensors as PyTorch names and orders them, with the weights of binary layers as the signs that they are seen by and their
/// scale beside: <c>NAME.weight</c> of -1 and +1, <c>NAME.scale</c> of one number, or of one a channel.
/// </summary>
/// <param name="source">The network.</param>
/// <param name="writer">Where they go.</param>
internal sealed class TorchTensors(ExportSource source, SafetensorsWriter writer)
{
    private static readonly string[] s_norm = ["weight", "bias", "running_mean", "running_var"];

    /// <summary>Adds all of them, layer by layer.</summary>
    /// <param name="folded">The same network, folded.</param>
    public void Add(PackedNetwork folded)
    {
        foreach (var (layer, packed) in source.Layers.Zip(folded.Layers))
        {
            switch (layer)
            {
                case ConvLayer or Networks.LinearLayer:
                    AddParts(layer.Name, ["weight", "bias"]);
                    break;
                case BinaryUnitLayer l:
                    AddSigns((SignConv)packed, isLinear: false);
                    AddParts(l.Norm, s_norm);
                    break;
                case BinaryConvLayer:
                    AddSigns((SignConv)packed, isLinear: false);
                    break;
                case BinaryLinearLayer:
                    AddSigns((SignConv)packed, isLinear: true);
                    AddParts(layer.Name, ["bias"]);
                    break;
                case BatchNormLayer:
                    AddParts(layer.Name, s_norm);
                    break;
            }
        }
    }

    private void AddParts(string module, string[] parts)
    {
        foreach (string part in parts)
        {
            if (source.Tensor($"{module}.{part}") is { } tensor)
                writer.Add(tensor.Name, Shape(tensor), Array.ConvertAll(tensor.Read(), value => (float)value));
        }
    }

    private void AddSigns(SignConv layer, bool isLinear)
    {
        StateTensor latent = source.Tensor(layer.Name + ".weight")!;
        int channels = layer.Conv.Channels;
        float[] signs = ChannelsFirst.Signs(layer.Signs, channels, (int)latent.Shape.Count / channels);
        double[] published = latent.Layout.ToPublished(Array.ConvertAll(signs, sign => (double)sign));
        writer.Add(latent.Name, Shape(latent), Array.ConvertAll(published, sign => (float)sign));
        float[] scale = ((CountNumbers)layer.Result).Scale;
        writer.Add(layer.Name + ".scale", scale.Length == 1 || isLinear ? [scale.Length] : [scale.Length, 1, 1], scale);
    }

    private static long[] Shape(StateTensor tensor) => Array.ConvertAll(tensor.Shape.ToArray(), size => (long)size);
}
