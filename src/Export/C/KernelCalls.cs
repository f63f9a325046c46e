using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.C;

/// <summary>The calls that run a network, one or two a layer, with all that they take. Writers put them into a form of theirs.</summary>
internal sealed class KernelCalls
{
    private static readonly NullArgument s_none = new();

    private readonly List<KernelCall> _calls = [];
    private int _layer = -1;

    /// <exception cref="ExportException">It is too large for 32-bit sizes.</exception>
    public KernelCalls(PackedNetwork network)
    {
        (Network, Values) = (network, PackedValues.Of(network));
        Memory = new CMemory(network, Values);
        if (Memory.Bytes > int.MaxValue / 2)
            throw new ExportException($"{network.Name}: an image of it needs {Memory.Bytes} bytes, too many for sizes of 32 bits");
        Call("image", Shape(0), new ImageArgument(), Array(network.Input.Scale), Array(network.Input.Shift), Reals(0));
        Pack(0);
        AddLayers();
    }

    /// <summary>The network.</summary>
    public PackedNetwork Network { get; }

    /// <summary>Its values.</summary>
    public PackedValues Values { get; }

    /// <summary>Where they lie.</summary>
    public CMemory Memory { get; }

    /// <summary>The calls in their order; the label of the scores is found after them.</summary>
    public IReadOnlyList<KernelCall> All => _calls;

    /// <summary>The scores.</summary>
    public KernelArgument Scores => Reals(Network.Layers.Count);

    // A value that nobody reads is not computed.
    private void AddLayers()
    {
        for (_layer = 0; _layer < Network.Layers.Count; _layer++)
            if (Memory.Reals[_layer + 1] != null || Memory.Bits[_layer + 1] != null)
                Layer(Network.Layers[_layer], _layer + 1);
    }

    private void Layer(PackedLayer layer, int y)
    {
        int x = layer.Input;
        ValueShape from = Values[x], to = Values[y];
        switch (layer)
        {
            case RealConv l:
                KernelArgument real = Struct("nn_real_layer", Number(l.Conv.Kernel), Number(l.Conv.Stride), Number(l.Conv.Padding),
                    Array(CLayouts.Real(l.Weights.Values, l.Conv.Channels)));
                Call("real_conv", real, Shape(x), Reals(x), Shape(y), Reals(y), new ScratchArgument());
                break;
            case SignConv l:
                Call("sign_conv", Signs(l, from, to), Shape(x), Bits(x), Shape(y), Added(l), Reals(y), Bits(y), new ScratchArgument());
                return;
            case NormLayer l:
                Call("pointwise", Numbers(null, l.Activation, l.Norm, to.Channels), Shape(y), Reals(x), Added(l), Reals(y), Bits(y));
                return;
            case ActivationLayer l:
                Call("pointwise", Numbers(null, l.Activation, null, to.Channels), Shape(y), Reals(x), s_none, Reals(y), Bits(y));
                return;
            case PadLayer:
                Call("pad", Shape(x), Reals(x), Shape(y), Reals(y));
                break;
            case MaxPoolLayer l:
                Either("max_pool", y, [Window(l.Size, l.Size, l.Stride, l.Padding), Shape(x)], x);
                break;
            case AveragePoolLayer l:
                KernelArgument mean = l.Size == 0 ? Window(from.Height, from.Width, 1, 0) : Window(l.Size, l.Size, l.Size, 0);
                Call("average_pool", mean, Shape(x), Reals(x), Shape(y), Reals(y));
                break;
            case FlattenLayer:
                Either("flatten", y, [Shape(x)], x);
                break;
            case LinearLayer l:
                Call("linear", Number(from.Channels), Number(to.Channels), Reals(x), Array(CLayouts.Linear(l.Weights.Values, to.Channels)),
                    Array(l.Bias), Shape(y), Reals(y));
                break;
            default:
                throw new ExportException($"{layer.Name}: no kernel computes {layer.GetType().Name}");
        }

        Pack(y);
    }

    private static StructArgument Signs(SignConv l, ValueShape x, ValueShape y)
    {
        var signs = new CSigns(l, x, y);
        KernelArgument bounds = s_none, flips = s_none, numbers = Numbers(null, PackedActivation.None, null, y.Channels);
        if (l.Result is CountSigns result)
            (bounds, flips) = (Array(CLayouts.Filled(result.Bounds, y.Channels, -(1 << 30))), Array(result.Flips));
        else if (l.Result is CountNumbers n)
            numbers = Numbers(n.Scale, n.Activation, n.Norm, y.Channels);
        return Struct("nn_sign_layer", Number(l.Conv.Kernel), Number(l.Conv.Stride), Number(l.Conv.Padding), Array(signs.Weights),
            Array(signs.Starts), Array(signs.RowStarts), Array(signs.ColumnStarts), bounds, flips, numbers);
    }

    private static StructArgument Numbers(float[]? scale, PackedActivation activation, Normalisation? norm, int channels)
    {
        KernelArgument OfLanes(float[]? values) => values == null ? s_none : Array(CLayouts.Filled(values, channels, 0));
        return Struct("nn_numbers", OfLanes(scale), Number((int)activation), OfLanes(norm?.Mean), OfLanes(norm?.Factor),
            OfLanes(norm?.Shift));
    }

    // Reals or signs, whichever there are.
    private void Either(string kernel, int y, KernelArgument[] first, int x)
    {
        if (Values.IsSigns(y))
            Call(kernel + "_signs", [.. first, Bits(x), Shape(y), Bits(y)]);
        else
            Call(kernel, [.. first, Reals(x), Shape(y), Reals(y)]);
    }

    private void Pack(int value)
    {
        if (Memory.Bits[value] != null && !Values.IsSigns(value))
            Call("pack", Shape(value), Reals(value), Bits(value));
    }

    private void Call(string kernel, params KernelArgument[] arguments) => _calls.Add(new KernelCall(_layer, kernel, arguments));

    private StructArgument Shape(int value)
    {
        ValueShape shape = Values[value];
        return Struct("nn_shape", Number(shape.Height), Number(shape.Width), Number(shape.Channels), Number(Memory.Lanes[value]),
            Number(Memory.Margins[value]));
    }

    private static StructArgument Window(params int[] sizes) => Struct("nn_window", System.Array.ConvertAll(sizes, Number));

    private static StructArgument Struct(string type, params KernelArgument[] fields) => new(type, fields);

    private static FloatsArgument Array(float[] values) => new(values);

    private static WordsArgument Array(uint[] values) => new(values);

    private static IntegersArgument Array(int[] values) => new(values);

    private static KernelArgument Number(int value) => new NumberArgument(value);

    private KernelArgument Added(PackedLayer layer) => layer.Adds is { } value ? Reals(value) : s_none;

    private KernelArgument Reals(int value) => Memory.Reals[value] is { } at ? new ValueArgument((int)at, AreBits: false) : s_none;

    private KernelArgument Bits(int value) => Memory.Bits[value] is { } at ? new ValueArgument((int)at, AreBits: true) : s_none;
}
