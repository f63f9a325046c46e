using System.Globalization;
using System.Text;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.C;

/// <summary>The calls that run a network, a line or two a layer, and the constants that they take.</summary>
internal sealed class CCalls
{
    private readonly PackedNetwork _network;
    private readonly PackedValues _values;
    private readonly CMemory _memory;
    private readonly StringBuilder _text = new();

    public CCalls(PackedNetwork network)
    {
        (_network, _values) = (network, PackedValues.Of(network));
        _memory = new CMemory(network, _values);
        PackedInput input = network.Input;
        Call("image", Shape(0), "image", Constants.Of(input.Scale), Constants.Of(input.Shift), Reals(0));
        Pack(0);
        for (int i = 0; i < network.Layers.Count; i++)
            if (_memory.Reals[i + 1] != null || _memory.Bits[i + 1] != null)
                Layer(network.Layers[i], i + 1);
    }

    /// <summary>What they take.</summary>
    public CConstants Constants { get; } = new();

    /// <summary>As C.</summary>
    public string Text => _text.ToString();

    /// <summary>Bytes of the workspace.</summary>
    public long Bytes => _memory.Bytes;

    /// <summary>The scores.</summary>
    public string Scores => Reals(_network.Layers.Count);

    private void Layer(PackedLayer layer, int y)
    {
        int x = layer.Input;
        ValueShape from = _values[x], to = _values[y];
        _text.Append($"    /* {CNames.Plain(layer.Name)}: {from} to {to} */\n");
        switch (layer)
        {
            case RealConv l:
                string weights = Constants.Of(CLayouts.Real(l.Weights.Values, l.Conv.Channels));
                string real = Struct("nn_real_layer", Number(l.Conv.Kernel), Number(l.Conv.Stride), Number(l.Conv.Padding), weights);
                Call("real_conv", real, Shape(x), Reals(x), Shape(y), Reals(y), "at");
                break;
            case SignConv l:
                Call("sign_conv", Signs(l, from, to), Shape(x), Bits(x), Shape(y), Added(l), Reals(y), Bits(y), "at");
                return;
            case NormLayer l:
                Call("pointwise", Struct("nn_numbers", Numbers(null, l.Activation, l.Norm, to.Channels)), Shape(y), Reals(x), Added(l), Reals(y), Bits(y));
                return;
            case ActivationLayer l:
                Call("pointwise", Struct("nn_numbers", Numbers(null, l.Activation, null, to.Channels)), Shape(y), Reals(x), "0", Reals(y), Bits(y));
                return;
            case PadLayer:
                Call("pad", Shape(x), Reals(x), Shape(y), Reals(y));
                break;
            case MaxPoolLayer l:
                string window = Window(l.Size, l.Size, l.Stride, l.Padding);
                Either("max_pool", y, window + ", " + Shape(x), x);
                break;
            case AveragePoolLayer l:
                string mean = l.Size == 0 ? Window(from.Height, from.Width, 1, 0) : Window(l.Size, l.Size, l.Size, 0);
                Call("average_pool", mean, Shape(x), Reals(x), Shape(y), Reals(y));
                break;
            case FlattenLayer:
                Either("flatten", y, Shape(x), x);
                break;
            case LinearLayer l:
                Call("linear", Number(from.Channels), Number(to.Channels), Reals(x), Constants.Of(CLayouts.Linear(l.Weights.Values, to.Channels)),
                    Constants.Of(l.Bias), Shape(y), Reals(y));
                break;
            default:
                throw new ExportException($"{layer.Name}: there is no C code of {layer.GetType().Name}");
        }

        Pack(y);
    }

    private string Signs(SignConv l, ValueShape x, ValueShape y)
    {
        var signs = new CSigns(l, x, y);
        string bounds = "0", flips = "0", numbers = "{0, 0, 0, 0, 0}";
        if (l.Result is CountSigns result)
            (bounds, flips) = (Constants.Of(CLayouts.Filled(result.Bounds, y.Channels, -(1 << 30))), Constants.Of(result.Flips));
        else if (l.Result is CountNumbers n)
            numbers = $"{{{Numbers(n.Scale, n.Activation, n.Norm, y.Channels)}}}";
        return Struct("nn_sign_layer", Number(l.Conv.Kernel), Number(l.Conv.Stride), Number(l.Conv.Padding), Constants.Of(signs.Weights),
            Constants.Of(signs.Starts), Constants.Of(signs.RowStarts), Constants.Of(signs.ColumnStarts), bounds, flips, numbers);
    }

    private string Numbers(float[]? scale, PackedActivation activation, Normalisation? norm, int channels)
    {
        string OfLanes(float[]? values) => values == null ? "0" : Constants.Of(CLayouts.Filled(values, channels, 0));
        return string.Join(", ", OfLanes(scale), Number((int)activation), OfLanes(norm?.Mean), OfLanes(norm?.Factor), OfLanes(norm?.Shift));
    }

    // Reals or signs, whichever there are.
    private void Either(string function, int y, string first, int x)
    {
        if (_values.IsSigns(y))
            Call(function + "_signs", first, Bits(x), Shape(y), Bits(y));
        else
            Call(function, first, Reals(x), Shape(y), Reals(y));
    }

    private void Pack(int value)
    {
        if (_memory.Bits[value] != null && !_values.IsSigns(value))
            Call("pack", Shape(value), Reals(value), Bits(value));
    }

    private void Call(string function, params string[] arguments) =>
        _text.Append($"    nn_{function}({string.Join(", ", arguments)});\n");

    private string Shape(int value)
    {
        ValueShape shape = _values[value];
        return Struct("nn_shape", Number(shape.Height), Number(shape.Width), Number(shape.Channels), Number(_memory.Lanes[value]),
            Number(_memory.Margins[value]));
    }

    private string Window(params int[] sizes) => Struct("nn_window", Array.ConvertAll(sizes, Number));

    private string Struct(string type, params string[] fields) => "&" + Constants.Of(type, string.Join(", ", fields));

    private string Added(PackedLayer layer) => CMemory.Added(layer) is { } value ? Reals(value) : "0";

    private string Reals(int value) => _memory.Reals[value] is { } at ? $"NN_AT(float, {Number(at)})" : "0";

    private string Bits(int value) => _memory.Bits[value] is { } at ? $"NN_AT(uint32_t, {Number(at)})" : "0";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(int value) => Number((long)value);
}
