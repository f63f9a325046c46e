using ReSTE.Native.Networks;
using ReSTE.Native.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Packed;
using PackedNormalisation = ReSTE.Native.Packed.Normalisation;
using SignConv = ReSTE.Native.Packed.SignConv;

namespace ReSTE.Native.Export;

/// <summary>
/// Reads a trained network as what it computes and nothing else: weights as signs, batch norm as three numbers a channel, and thresholds
/// where the sign of a count's result is all that is read.
/// </summary>
public sealed class Folding
{
    private readonly ExportSource _source;
    private readonly bool _wholeReals;
    private readonly Dictionary<int, int> _values = [];
    private readonly List<PackedLayer> _layers = [];

    private Folding(ExportSource source, bool wholeReals) => (_source, _wholeReals) = (source, wholeReals);

    /// <summary>Folds a network.</summary>
    /// <param name="source">The network.</param>
    /// <param name="classes">Names of its classes.</param>
    /// <param name="wholeReals">Whether the weights of its real layers become bytes.</param>
    /// <param name="thresholds">Whether counts of which only signs are read become signs by thresholds.</param>
    /// <exception cref="ExportException">A layer does not take signs, or holds numbers that are none.</exception>
    public static PackedNetwork Of(ExportSource source, IReadOnlyList<string> classes, bool wholeReals = false, bool thresholds = true)
    {
        var folding = new Folding(source, wholeReals);
        foreach (Layer layer in source.Layers)
            folding.Read(layer);
        var network = new PackedNetwork(source.Recipe.Model, source.Recipe.Dataset, Input(source), classes, folding._layers);
        if (!folding._layers.OfType<SignConv>().Any())
            throw new ExportException($"{source.Recipe.Model} has no layer of bits: there is nothing to pack");
        if (thresholds)
            network = Thresholds.In(network);
        // Where bytes change the labels anyway, so may this.
        return Thresholds.Settled(wholeReals ? network with { Layers = [.. network.Layers.Select(WithoutMean)] } : network);
    }

    private static PackedLayer WithoutMean(PackedLayer layer) => layer switch
    {
        SignConv { Result: CountNumbers { Norm: { } norm } numbers } l =>
            l with { Result = numbers with { Norm = FoldedNorm.WithoutMean(norm) } },
        NormLayer l => l with { Norm = FoldedNorm.WithoutMean(l.Norm) },
        _ => layer,
    };

    // As the engine normalises: rounded after the product and after the sum.
    private static PackedInput Input(ExportSource source)
    {
        var (image, preprocessing) = (source.Image, source.Preprocessing);
        return new PackedInput(image.Height, image.Width, image.Channels,
            [.. preprocessing.Deviation.Select(deviation => (float)(1 / (255.0 * deviation)))],
            [.. preprocessing.Mean.Zip(preprocessing.Deviation, (mean, deviation) => (float)(-(double)mean / deviation))]);
    }

    private void Read(Layer layer)
    {
        switch (layer)
        {
            case ConvLayer l:
                Add(l, new RealConv(l.Name, Of(l.Input), Sizes(l.Sizes), Reals(l.Name + ".weight", l.Sizes.Channels)));
                break;
            case BinaryUnitLayer l:
                PackedNormalisation norm = Norm(l.Norm, l.Settings);
                Add(l, Signs(l.Name, Of(l.Input), Sizes(l.Sizes), l.Input.Shape.Last, Activation(l.Activation), norm, Maybe(l.Shortcut)));
                break;
            case BinaryConvLayer l:
                Add(l, Signs(l.Name, Of(l.Input), Sizes(l.Sizes), l.Input.Shape.Last, PackedActivation.None, null, null));
                break;
            case BinaryLinearLayer l:
                var one = new PackedConv(l.Output.Shape.Last, 1, 1, 0);
                Add(l, Signs(l.Name, Of(l.Input), one, l.Input.Shape.Last, PackedActivation.None, Bias(l), null));
                break;
            case BatchNormLayer l:
                Add(l, new NormLayer(l.Name, Of(l.Input), l.Rectify ? PackedActivation.Relu : PackedActivation.None,
                    Norm(l.Name, l.Settings), Maybe(l.Shortcut)));
                break;
            case Networks.ActivationLayer l:
                Add(l, new Packed.ActivationLayer(l.Name, Of(l.Input), Activation(l.Activation)));
                break;
            case ShortcutPadLayer l:
                Add(l, new PadLayer(l.Name, Of(l.Input), l.Output.Shape.Last));
                break;
            case Networks.MaxPoolLayer l:
                Add(l, new Packed.MaxPoolLayer(l.Name, Of(l.Input), l.Window.Size, l.Window.Stride, l.Window.Padding));
                break;
            case Networks.AveragePoolLayer l:
                Add(l, new Packed.AveragePoolLayer(l.Name, Of(l.Input), l.Size ?? 0));
                break;
            case Networks.FlattenLayer l:
                Add(l, new Packed.FlattenLayer(l.Name, Of(l.Input)));
                break;
            case Networks.LinearLayer l:
                Add(l, new Packed.LinearLayer(l.Name, Of(l.Input), Reals(l.Name + ".weight", l.Output.Shape.Last),
                    Finite(l.Name + ".bias", _source[l.Name + ".bias"])));
                break;
            default:
                throw new ExportException($"{layer.Name}: there is no packed form of {layer.GetType().Name}");
        }
    }

    private void Add(Layer layer, PackedLayer packed)
    {
        _layers.Add(packed);
        _values.Add(layer.Output.Number, _layers.Count);
    }

    private SignConv Signs(
        string name, int input, PackedConv conv, int inputs, PackedActivation activation, PackedNormalisation? norm, int? added)
    {
        var (x, w) = _source.Binarised[name];
        if (x is not SignInput)
            throw new ExportException($"{name}: it takes real activations (1W/32A), and a packed network counts bits");
        if (w is not SignWeights { AreConstant: true } weights)
            throw new ExportException($"{name}: its weights are no signs that stay what they are from one image to the next");
        uint[] signs = DenseSigns.Of(_source.Signs(weights), conv.Channels, conv.Kernel * conv.Kernel, inputs);
        return new SignConv(name, input, conv, signs, new CountNumbers(Scale(name, weights), activation, norm, added));
    }

    private float[] Scale(string name, SignWeights weights)
    {
        float[] ofWeights = weights.Scale == null ? [1] : _source.Read(weights.Scale);
        if (weights.OutputScale == null)
            return Finite(name + ".scale", ofWeights);
        if (weights.Scale != null)
            throw new ExportException($"{name}: it has two scales, which round twice");
        return Finite(name + ".scale", _source.Read(weights.OutputScale.Value));
    }

    private PackedNormalisation Norm(string name, in BatchNormSettings settings)
    {
        float[] mean = Finite(name + ".running_mean", _source[name + ".running_mean"]);
        float[] variance = Finite(name + ".running_var", _source[name + ".running_var"]);
        return FoldedNorm.Of(settings.Affine ? Finite(name + ".weight", _source[name + ".weight"]) : null,
            settings.Affine ? Finite(name + ".bias", _source[name + ".bias"]) : null, mean, variance, settings.Epsilon);
    }

    // x + b, as a normalisation that does nothing else.
    private PackedNormalisation? Bias(BinaryLinearLayer l)
    {
        if (l.Bias == null)
            return null;
        float[] bias = Finite(l.Name + ".bias", _source[l.Name + ".bias"]);
        if (_source.IsBinary(l.Name + ".bias"))
            throw new ExportException($"{l.Name}: its bias is binary");
        return new PackedNormalisation(new float[bias.Length], [.. bias.Select(_ => 1f)], bias);
    }

    private RealValues Reals(string name, int rows)
    {
        float[] values = Finite(name, _source[name]);
        return _wholeReals ? RealValues.Rounded(values, rows) : new RealValues(values);
    }

    private static float[] Finite(string name, float[] values) => values.All(float.IsFinite)
        ? values
        : throw new ExportException($"{name}: it holds a number that is not finite; train again, or export an earlier checkpoint");

    private int Of(Value value) => value.Number == 0 ? 0 : _values[value.Number];

    private int? Maybe(Value? value) => value == null ? null : Of(value);

    private static PackedConv Sizes(in ConvSizes sizes) => new(sizes.Channels, sizes.Kernel, sizes.Stride, sizes.Padding);

    private static PackedActivation Activation(Activation activation) => activation switch
    {
        Networks.Activation.Relu => PackedActivation.Relu,
        Networks.Activation.HardTanh => PackedActivation.HardTanh,
        _ => PackedActivation.None,
    };
}
