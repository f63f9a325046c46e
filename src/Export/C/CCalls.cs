using System.Globalization;
using System.Text;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.C;

/// <summary>The calls that run a network as C, a line or two a layer, and the constants that they take.</summary>
internal sealed class CCalls
{
    private readonly KernelCalls _calls;
    private readonly StringBuilder _text = new();

    /// <exception cref="ExportException">It is too large for 32-bit sizes.</exception>
    public CCalls(PackedNetwork network)
    {
        _calls = new KernelCalls(network);
        int layer = -1;
        foreach (KernelCall call in _calls.All)
        {
            if (call.Layer != layer)
                Comment(layer = call.Layer);
            _text.Append($"    nn_{call.Kernel}({string.Join(", ", call.Arguments.Select(Of))});\n");
        }
    }

    /// <summary>What they take.</summary>
    public CConstants Constants { get; } = new();

    /// <summary>As C.</summary>
    public string Text => _text.ToString();

    /// <summary>Bytes of the workspace.</summary>
    public long Bytes => _calls.Memory.Bytes;

    /// <summary>The scores.</summary>
    public string Scores => Of(_calls.Scores);

    private void Comment(int layer)
    {
        PackedLayer of = _calls.Network.Layers[layer];
        _text.Append($"    /* {CNames.Plain(of.Name)}: {_calls.Values[of.Input]} to {_calls.Values[layer + 1]} */\n");
    }

    private string Of(KernelArgument argument) => argument switch
    {
        NumberArgument number => Number(number.Value),
        NullArgument => "0",
        FloatsArgument floats => Constants.Of(floats.Values),
        WordsArgument words => Constants.Of(words.Values),
        IntegersArgument integers => Constants.Of(integers.Values),
        ValueArgument value => $"NN_AT({(value.AreBits ? "uint32_t" : "float")}, {Number(value.At)})",
        StructArgument structure => "&" + Constants.Of(structure.Type, Fields(structure)),
        ImageArgument => "image",
        ScratchArgument => "at",
        _ => throw new InvalidOperationException($"there is no C of {argument}"),
    };

    private string Fields(StructArgument structure) => string.Join(", ",
        structure.Fields.Select(field => field is StructArgument inner ? $"{{{Fields(inner)}}}" : Of(field)));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
