using System.Text;
using System.Text.Json;
using ReSTE.Native.Export.C;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Page;

/// <summary>What the page's script reads: the calls, where things lie, the layers of signs, the classes and the test images.</summary>
internal static class PagePlan
{
    /// <summary>As JSON in which no character means anything to HTML; the memory's data are whole after it.</summary>
    public static string Of(KernelCalls calls, PageMemory memory, IReadOnlyList<SampleImage> samples)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            PackedInput input = calls.Network.Input;
            json.WriteStartObject();
            Numbers(json, "image", input.Height, input.Width, input.Channels);
            json.WriteStartArray("classes");
            foreach (string name in calls.Network.Classes)
                json.WriteStringValue(name);
            json.WriteEndArray();
            Calls(json, calls, memory);
            json.WriteStartArray("layers");
            foreach (var (number, call) in calls.All.Index().Where(call => call.Item.Kernel == "sign_conv"))
                Layer(json, number, calls, call.Layer, memory);
            json.WriteEndArray();
            Samples(json, samples);
            Memory(json, memory);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private static void Calls(Utf8JsonWriter json, KernelCalls calls, PageMemory memory)
    {
        json.WriteStartArray("calls");
        foreach (KernelCall call in calls.All)
            Call(json, call.Kernel, [.. call.Arguments.Select(memory.Of)]);
        Call(json, "label", memory.Of(calls.Scores), calls.Network.Classes.Count, memory.Scores);
        json.WriteEndArray();
    }

    private static void Call(Utf8JsonWriter json, string kernel, params int[] arguments)
    {
        json.WriteStartArray();
        json.WriteStringValue(kernel);
        foreach (int argument in arguments)
            json.WriteNumberValue(argument);
        json.WriteEndArray();
    }

    private static void Layer(Utf8JsonWriter json, int call, KernelCalls calls, int number, PageMemory memory)
    {
        var layer = (SignConv)calls.Network.Layers[number];
        ValueShape x = calls.Values[layer.Input];
        json.WriteStartObject();
        json.WriteString("name", layer.Name);
        json.WriteString("gives", layer.Result is CountSigns ? "signs" : "numbers");
        json.WriteNumber("call", call);
        json.WriteNumber("kernel", layer.Conv.Kernel);
        json.WriteNumber("stride", layer.Conv.Stride);
        json.WriteNumber("inputs", x.Channels);
        json.WriteNumber("outputs", layer.Conv.Channels);
        json.WriteNumber("height", x.Height);
        json.WriteNumber("width", x.Width);
        json.WriteNumber("margin", calls.Memory.Margins[layer.Input]);
        json.WriteNumber("bits", memory.Workspace + calls.Memory.Bits[layer.Input]!.Value);
        json.WriteNumber("weights", memory.Of(new WordsArgument(new CSigns(layer, x, calls.Values[number + 1]).Weights)));
        json.WriteEndObject();
    }

    private static void Samples(Utf8JsonWriter json, IReadOnlyList<SampleImage> samples)
    {
        json.WriteStartArray("samples");
        foreach (SampleImage sample in samples)
        {
            json.WriteStartObject();
            json.WriteNumber("label", sample.Label);
            json.WriteBase64String("pixels", sample.Pixels);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Memory(Utf8JsonWriter json, PageMemory memory)
    {
        json.WriteStartObject("memory");
        json.WriteNumber("workspace", memory.Workspace);
        json.WriteNumber("image", memory.Image);
        json.WriteNumber("scores", memory.Scores);
        json.WriteNumber("data", memory.DataAt);
        json.WriteNumber("bytes", memory.Bytes);
        json.WriteEndObject();
    }

    private static void Numbers(Utf8JsonWriter json, string name, params int[] numbers)
    {
        json.WriteStartArray(name);
        foreach (int number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
