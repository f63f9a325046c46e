using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ReSTE.Native.Packed;

/// <summary>The header of a packed file, JSON: all of a network but its numbers. docs/packed-format.md says what a name means.</summary>
internal static class PackedHeader
{
    private static readonly JsonEncodedText s_x = JsonEncodedText.Encode("x"), s_add = JsonEncodedText.Encode("add");

    private static readonly string[] s_activations = ["none", "relu", "hardtanh"];

    public static ReadOnlySpan<byte> Write(PackedNetwork network, PackedValues values)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("network", network.Name);
        json.WriteString("dataset", network.Dataset);
        json.WriteStartArray("image");
        foreach (int size in (int[])[network.Input.Height, network.Input.Width, network.Input.Channels])
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("classes");
        foreach (string name in network.Classes)
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteStartArray("layers");
        foreach (PackedLayer layer in network.Layers)
            Write(json, layer, values);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter json, PackedLayer layer, PackedValues values)
    {
        json.WriteStartObject();
        json.WriteString("op", OpOf(layer));
        json.WriteString("name", layer.Name);
        json.WriteNumber(s_x, layer.Input);
        switch (layer)
        {
            case RealConv l:
                Write(json, l.Conv, values.Channels(l.Name, l.Input));
                WriteType(json, l.Weights);
                break;
            case SignConv l:
                Write(json, l.Conv, values.Channels(l.Name, l.Input));
                Write(json, l.Result);
                break;
            case NormLayer l:
                WriteMean(json, l.Norm);
                WriteActivation(json, l.Activation);
                WriteAdded(json, l.Added);
                break;
            case ActivationLayer l:
                WriteActivation(json, l.Activation);
                break;
            case PadLayer l:
                json.WriteNumber("out", l.Channels);
                break;
            case MaxPoolLayer l:
                json.WriteNumber("k", l.Size);
                json.WriteNumber("s", l.Stride);
                json.WriteNumber("p", l.Padding);
                break;
            case AveragePoolLayer l:
                json.WriteNumber("k", l.Size);
                break;
            case FlattenLayer l:
                json.WriteNumber("out", values[l.Input].Count);
                break;
            case LinearLayer l:
                json.WriteNumber("in", values.Channels(l.Name, l.Input));
                json.WriteNumber("out", l.Bias.Length);
                WriteType(json, l.Weights);
                break;
        }

        json.WriteEndObject();
    }

    private static string OpOf(PackedLayer layer) => layer switch
    {
        RealConv => "conv",
        SignConv => "sign_conv",
        NormLayer => "norm",
        ActivationLayer => "act",
        PadLayer => "pad",
        MaxPoolLayer => "max_pool",
        AveragePoolLayer => "avg_pool",
        FlattenLayer => "flatten",
        LinearLayer => "linear",
        _ => throw new PackedException($"{layer.Name}: no layer of this kind can be written"),
    };

    private static void Write(Utf8JsonWriter json, PackedConv conv, int inputs)
    {
        json.WriteNumber("in", inputs);
        json.WriteNumber("out", conv.Channels);
        json.WriteNumber("k", conv.Kernel);
        json.WriteNumber("s", conv.Stride);
        json.WriteNumber("p", conv.Padding);
    }

    private static void Write(Utf8JsonWriter json, CountResult result)
    {
        if (result is not CountNumbers numbers)
        {
            json.WriteString("y", "signs");
            return;
        }

        json.WriteString("y", numbers.Norm == null ? "scaled" : "norm");
        json.WriteNumber("scales", numbers.Scale.Length);
        if (numbers.Norm is { } norm)
            WriteMean(json, norm);
        WriteActivation(json, numbers.Activation);
        WriteAdded(json, numbers.Added);
    }

    private static void WriteActivation(Utf8JsonWriter json, PackedActivation activation)
    {
        if (activation != PackedActivation.None)
            json.WriteString("act", s_activations[(int)activation]);
    }

    // Zeros are not written.
    private static void WriteMean(Utf8JsonWriter json, Normalisation norm)
    {
        if (norm.HasNoMean)
            json.WriteNumber("mean", 0);
    }

    private static void WriteAdded(Utf8JsonWriter json, int? added)
    {
        if (added is { } value)
            json.WriteNumber(s_add, value);
    }

    private static void WriteType(Utf8JsonWriter json, RealValues weights)
    {
        if (weights.Bytes != null)
            json.WriteString("type", "int8");
    }

    /// <summary>Reads and checks it; the layers take their numbers from the data, in their order.</summary>
    public static PackedNetwork Read(ReadOnlyMemory<byte> text, PackedData data)
    {
        using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4 });
        JsonElement root = document.RootElement;
        int[] image = [.. Items(root, "image").Select(size => size.GetInt32())];
        if (image.Length != 3 || image[2] is < 1 or > 1 << 16)
            throw new PackedException("its image is not [height, width, channels]");
        var input = new PackedInput(image[0], image[1], image[2], data.Singles(image[2]), data.Singles(image[2]));
        var values = new PackedValues(input);
        var layers = new List<PackedLayer>();
        foreach (JsonElement element in Items(root, "layers"))
        {
            PackedLayer layer = Read(element, data, values);
            values.Add(layer);
            layers.Add(layer);
        }

        string[] classes =
            [.. Items(root, "classes").Select(name => name.GetString() ?? throw new PackedException("a class has no name"))];
        values.Close(classes.Length);
        return new PackedNetwork(Text(root, "network"), Text(root, "dataset"), input, classes, layers);
    }

    private static PackedLayer Read(JsonElement e, PackedData data, PackedValues values)
    {
        var (op, name, x) = (Text(e, "op"), Text(e, "name"), Number(e, "x"));
        int inputs = values.Channels(name, x);
        if (op is ("conv" or "sign_conv" or "linear") && Number(e, "in") != inputs)
            throw new PackedException($"{name}: it is for {Number(e, "in")} channels, and value {x} has {inputs}");
        return op switch
        {
            "conv" => new RealConv(name, x, Conv(e), Weights(e, data, Number(e, "out"), values.Taps(name, x, Number(e, "k")))),
            "sign_conv" => new SignConv(name, x, Conv(e),
                data.Words(Number(e, "out"), PackedValues.WordsOf(values.Taps(name, x, Number(e, "k")))),
                Result(e, data, Number(e, "out"), values.Taps(name, x, Number(e, "k")))),
            "norm" => new NormLayer(name, x, Activation(e), Norm(e, data, inputs), Added(e)),
            "act" => new ActivationLayer(name, x, Activation(e)),
            "pad" => new PadLayer(name, x, Number(e, "out")),
            "max_pool" => new MaxPoolLayer(name, x, Number(e, "k"), Number(e, "s"), Number(e, "p")),
            "avg_pool" => new AveragePoolLayer(name, x, Number(e, "k")),
            "flatten" => new FlattenLayer(name, x),
            "linear" => new LinearLayer(name, x, Weights(e, data, Number(e, "out"), inputs), data.Singles(Number(e, "out"))),
            _ => throw new PackedException($"{name}: no layer '{op}' is known; a newer version may know it"),
        };
    }

    private static PackedConv Conv(JsonElement e) => new(Number(e, "out"), Number(e, "k"), Number(e, "s"), Number(e, "p"));

    private static RealValues Weights(JsonElement e, PackedData data, int rows, int row)
    {
        if (!e.TryGetProperty("type", out JsonElement type))
            return new RealValues(data.Singles(rows, row));
        if (type.GetString() != "int8")
            throw new PackedException($"{Text(e, "name")}: no weights '{type.GetString()}' are known");
        float[] scales = data.Singles(rows);
        return new RealValues(data.Bytes(rows, row), scales);
    }

    private static CountResult Result(JsonElement e, PackedData data, int channels, int taps)
    {
        string form = Text(e, "y");
        if (form == "signs")
            return new CountSigns(data.Bounds(channels, taps), data.Words(1, PackedValues.WordsOf(channels)));
        if (form is not ("norm" or "scaled"))
            throw new PackedException($"{Text(e, "name")}: no result '{form}' is known");
        float[] scale = data.Singles(Number(e, "scales"));
        return new CountNumbers(scale, Activation(e), form == "norm" ? Norm(e, data, channels) : null, Added(e));
    }

    private static Normalisation Norm(JsonElement e, PackedData data, int channels)
    {
        bool hasNoMean = e.TryGetProperty("mean", out JsonElement mean);
        if (hasNoMean && mean.GetInt32() != 0)
            throw new PackedException($"{Text(e, "name")}: its mean is an array, or 0");
        return new(hasNoMean ? new float[channels] : data.Singles(channels), data.Singles(channels), data.Singles(channels));
    }

    private static PackedActivation Activation(JsonElement e)
    {
        if (!e.TryGetProperty("act", out JsonElement name))
            return PackedActivation.None;
        int activation = Array.IndexOf(s_activations, name.GetString());
        return activation >= 0
            ? (PackedActivation)activation
            : throw new PackedException($"{Text(e, "name")}: no activation '{name.GetString()}' is known");
    }

    private static int? Added(JsonElement e) => e.TryGetProperty("add", out JsonElement added) ? added.GetInt32() : null;

    private static int Number(JsonElement e, string key) => e.GetProperty(key).GetInt32();

    private static string Text(JsonElement e, string key) =>
        e.GetProperty(key).GetString() ?? throw new PackedException($"its header has no text '{key}'");

    private static IEnumerable<JsonElement> Items(JsonElement e, string key) => e.GetProperty(key).EnumerateArray();
}
