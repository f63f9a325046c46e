using Onnx;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Onnx;

/// <summary>
/// Writes a packed network as ONNX: images [batch,C,H,W] of bytes in, scores [batch,classes] out. A sign convolution is a convolution of
/// -1 and +1, whose zero padding does not count; what follows it is written as Sub, Mul, Add, with the scale in them: a runtime would
/// multiply a Mul straight after a convolution into its weights, and sums of rounded weights are no longer exact.
/// </summary>
internal sealed class OnnxNetwork
{
    /// <summary>Names of its input and its output.</summary>
    public const string Image = "image", Scores = "scores";

    private readonly PackedNetwork _network;
    private readonly PackedValues _shapes;
    private readonly OnnxGraph _graph;
    private readonly ISignForm _signs;
    private readonly List<Value> _values = [];
    private readonly Dictionary<string, string> _signsOf = [];

    private OnnxNetwork(PackedNetwork network, ISignForm signs)
    {
        (_network, _signs) = (network, signs);
        _shapes = PackedValues.Of(network);
        _graph = new OnnxGraph(network.Name);
    }

    /// <summary>Writes a network whose counts are numbers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="signs">How signs are written.</param>
    /// <exception cref="ExportException">A layer has no such form; the message names it.</exception>
    public static ModelProto Write(PackedNetwork network, ISignForm signs) => new OnnxNetwork(network, signs).Write();

    private ModelProto Write()
    {
        _values.Add(Input());
        for (int i = 0; i < _network.Layers.Count; i++)
        {
            Value value = Write(_network.Layers[i], _values[_network.Layers[i].Input]);
            if (i < _network.Layers.Count - 1 && _values.TrueForAll(v => v.Name != value.Name))
                _graph.Describe(value.Name, _shapes[i + 1], value.IsFlat);
            _values.Add(value);
        }

        string last = _network.Layers[^1].Name;
        if (!_values[^1].IsFlat)
            Flat(last, _values[^1]);
        _graph.Output(Scores, _shapes[_shapes.Count - 1]);
        return _graph.Model(
        [
            ("network", _network.Name), ("dataset", _network.Dataset),
            ("classes", System.Text.Json.JsonSerializer.Serialize(_network.Classes)),
        ]);
    }

    private Value Input()
    {
        PackedInput input = _network.Input;
        string x = _signs.Input(_graph, Image, _shapes[0]);
        x = _graph.Add("Mul", Part(Image, "scaled"), [x, PerChannel(Part(Image, "scale"), input.Scale, isFlat: false)]);
        x = _graph.Add("Add", Part(Image, "normalised"), [x, PerChannel(Part(Image, "shift"), input.Shift, isFlat: false)]);
        return new Value(x, false);
    }

    private Value Write(PackedLayer layer, Value x) => layer switch
    {
        RealConv l => Convolution(l.Name, l.Conv, OfImage(l.Name, x), Weights(l.Name, l.Conv, l.Input, l.Weights.Values)),
        SignConv { Result: CountNumbers numbers } l => Signed(l, numbers, x),
        NormLayer l => Added(l.Name, Norm(l.Name, Activate(l.Name, x, l.Activation), l.Norm), l.Added),
        ActivationLayer l => Activate(l.Name, x, l.Activation),
        PadLayer l => Pad(l, OfImage(l.Name, x), (l.Channels - _shapes[l.Input].Channels) / 2),
        MaxPoolLayer l => OfImage(l.Name, x) with
        {
            Name = _graph.Add("MaxPool", Part(l.Name, "MaxPool"), [OfImage(l.Name, x).Name], Window(l.Size, l.Stride, l.Padding)),
        },
        AveragePoolLayer { Size: 0 } l => Flat(l.Name, new Value(_graph.Add("GlobalAveragePool", Part(l.Name, "GlobalAveragePool"),
            [OfImage(l.Name, x).Name]), false)),
        AveragePoolLayer l => new Value(_graph.Add("AveragePool", Part(l.Name, "AveragePool"), [OfImage(l.Name, x).Name],
            Window(l.Size, l.Size, 0)), false),
        FlattenLayer l => Flat(l.Name, x),
        LinearLayer l => Linear(l, Flat(l.Name, x)),
        _ => throw new ExportException($"{layer.Name}: there is no ONNX form of what it gives"),
    };

    private Value Signed(SignConv l, CountNumbers numbers, Value x)
    {
        var folded = new FoldedScale(numbers, l.Conv.Channels);
        float[] weights = ChannelsFirst.Signs(l.Signs, l.Conv.Channels, l.Conv.Kernel * l.Conv.Kernel * _shapes[l.Input].Channels);
        int row = weights.Length / l.Conv.Channels;
        for (int i = 0; i < weights.Length; i++)
            weights[i] = folded.TurnsOver[i / row] ? -weights[i] : weights[i];
        if (!_signsOf.TryGetValue(x.Name, out string? signs))
            _signsOf.Add(x.Name, signs = _signs.Sign(_graph, Part(l.Name, "signs"), x.Name));
        string w = _signs.Weights(_graph, Weights(l.Name, l.Conv, l.Input, weights, x.IsFlat));
        Value count = x.IsFlat
            ? new Value(_graph.Add("Gemm", Part(l.Name, "counts"), [signs, w], [OnnxGraph.Integer("transB", 1)]), true)
            : Convolution(l.Name, l.Conv, x with { Name = signs }, w);
        Value y = Activate(l.Name, count, numbers.Activation, folded.Bounds);
        y = numbers.Norm != null ? Norm(l.Name, y, folded.Norm) : numbers.Scale.All(s => s == 1) ? y : Scaled(l.Name, y, row, folded);
        return Added(l.Name, y, numbers.Added);
    }

    // Max with the least count there can be changes nothing, and keeps the scale out of the convolution's weights.
    private Value Scaled(string name, Value count, int taps, FoldedScale folded)
    {
        string y = _graph.Add("Max", Part(name, "kept"), [count.Name, _graph.Constant(Part(name, "lowest"), [-taps])]);
        string scale = PerChannel(name + ".factor", folded.Norm.Factor, count.IsFlat);
        return count with { Name = _graph.Add("Mul", Part(name, "Mul"), [y, scale]) };
    }

    private Value Convolution(string name, PackedConv conv, Value x, string weights) => new(_graph.Add("Conv", Part(name, "Conv"),
        [x.Name, weights], Window(conv.Kernel, conv.Stride, conv.Padding)), false);

    private Value Linear(LinearLayer l, Value x)
    {
        string w = Weights(l.Name, new PackedConv(l.Bias.Length, 1, 1, 0), l.Input, l.Weights.Values, isFlat: true);
        return new Value(_graph.Add("Gemm", Part(l.Name, "Gemm"), [x.Name, w, _graph.Constant(l.Name + ".bias", l.Bias, l.Bias.Length)],
            [OnnxGraph.Integer("transB", 1)]), true);
    }

    private Value Activate(string name, Value x, PackedActivation activation, float[]? bounds = null)
    {
        switch (activation)
        {
            case PackedActivation.Relu:
                return x with { Name = _graph.Add("Relu", Part(name, "Relu"), [x.Name]) };
            case PackedActivation.HardTanh when bounds == null || bounds.All(b => b == bounds[0]):
                float bound = bounds?[0] ?? 1;
                string[] ends = [_graph.Constant(Part(name, "least"), [-bound]), _graph.Constant(Part(name, "most"), [bound])];
                return x with { Name = _graph.Add("Clip", Part(name, "Clip"), [x.Name, .. ends]) };
            case PackedActivation.HardTanh:
                string most = PerChannel(Part(name, "most"), bounds, x.IsFlat);
                string least = PerChannel(Part(name, "least"), Array.ConvertAll(bounds, b => -b), x.IsFlat);
                string cut = _graph.Add("Max", Part(name, "Max"), [x.Name, least]);
                return x with { Name = _graph.Add("Min", Part(name, "Min"), [cut, most]) };
            default:
                return x;
        }
    }

    private Value Norm(string name, Value x, Normalisation norm)
    {
        string y = _graph.Add("Sub", Part(name, "Sub"), [x.Name, PerChannel(name + ".mean", Order(x, norm.Mean), x.IsFlat)]);
        y = _graph.Add("Mul", Part(name, "Mul"), [y, PerChannel(name + ".factor", Order(x, norm.Factor), x.IsFlat)]);
        y = _graph.Add("Add", Part(name, "Add"), [y, PerChannel(name + ".shift", Order(x, norm.Shift), x.IsFlat)]);
        return x with { Name = y };
    }

    private Value Added(string name, Value x, int? added)
    {
        if (added is not { } value)
            return x;
        string other = x.IsFlat ? Flat(name, _values[value]).Name : _values[value].Name;
        return x with { Name = _graph.Add("Add", Part(name, "added"), [x.Name, other]) };
    }

    private Value Pad(PadLayer l, Value x, int side)
    {
        string y = _graph.Add("Slice", Part(l.Name, "Slice"),
        [
            x.Name, _graph.ConstantIntegers("slice/first", 0, 0),
            _graph.ConstantIntegers("slice/last", int.MaxValue, int.MaxValue), _graph.ConstantIntegers("slice/axes", 2, 3),
            _graph.ConstantIntegers("slice/steps", 2, 2),
        ]);
        string sides = _graph.ConstantIntegers(Part(l.Name, "sides"), 0, side, 0, 0, 0, side, 0, 0);
        return x with { Name = _graph.Add("Pad", Part(l.Name, "Pad"), [y, sides]) };
    }

    /// <summary>[batch,C,H,W] as [batch,C*H*W].</summary>
    private Value Flat(string name, Value x) => x.IsFlat
        ? x
        : new Value(_graph.Add("Flatten", Part(name, "Flatten"), [x.Name]), true, Shape(x));

    private ValueShape? Shape(Value x)
    {
        int number = _values.FindIndex(value => value.Name == x.Name);
        return number < 0 || _shapes[number] is { Height: 1, Width: 1 } ? null : _shapes[number];
    }

    private static Value OfImage(string name, Value x) =>
        x.IsFlat ? throw new ExportException($"{name}: there is no ONNX form of a window over a flattened image") : x;

    private string Weights(string name, PackedConv conv, int input, float[] rows, bool isFlat = false)
    {
        int pixels = conv.Kernel * conv.Kernel, channels = _shapes[input].Channels;
        if (!isFlat)
        {
            return _graph.Constant(name + ".weight", ChannelsFirst.Rows(rows, pixels, channels),
                conv.Channels, channels, conv.Kernel, conv.Kernel);
        }

        if (pixels != 1)
            throw new ExportException($"{name}: there is no ONNX form of a kernel over a flattened image");
        ValueShape columns = _values[input].Flattened ?? _shapes[input];
        return _graph.Constant(name + ".weight", ChannelsFirst.Rows(rows, columns.Height * columns.Width, columns.Channels),
            conv.Channels, columns.Count);
    }

    private static float[] Order(Value x, float[] channels) =>
        x.Flattened is { } s ? ChannelsFirst.Rows(channels, s.Height * s.Width, s.Channels) : channels;

    private string PerChannel(string name, float[] values, bool isFlat) =>
        _graph.Constant(name, values, isFlat ? [values.Length] : [values.Length, 1, 1]);

    private static AttributeProto[] Window(int size, int stride, int padding) =>
    [
        OnnxGraph.Integers("kernel_shape", size, size), OnnxGraph.Integers("strides", stride, stride),
        OnnxGraph.Integers("pads", padding, padding, padding, padding),
    ];

    private static string Part(string layer, string part) => $"{layer}/{part}";

    /// <summary>A value of the graph.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="IsFlat">Whether it is [batch,C].</param>
    /// <param name="Flattened">Size of the image that was flattened into it; null for none, or one of one pixel.</param>
    private sealed record Value(string Name, bool IsFlat, ValueShape? Flattened = null);
}
