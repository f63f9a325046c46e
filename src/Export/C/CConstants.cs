using System.Globalization;
using System.Text;

namespace ReSTE.Native.Export.C;

/// <summary>The constants of a header. Alike ones are written once.</summary>
internal sealed class CConstants
{
    private const int Most = 60;

    private readonly Dictionary<string, string> _names = [];
    private readonly StringBuilder _text = new();

    /// <summary>All of them, as C.</summary>
    public string Text => _text.ToString();

    /// <summary>Floats; the name that stands for them.</summary>
    public string Of(float[] values) => Array("float", values.Length, CText.List(values.Select(CText.Exact)));

    /// <summary>Words of bits.</summary>
    public string Of(uint[] values) => Array("uint32_t", values.Length, CText.List(values.Select(Word)));

    /// <summary>Numbers.</summary>
    public string Of(int[] values) =>
        Array("int32_t", values.Length, CText.List(values.Select(value => value.ToString(CultureInfo.InvariantCulture))));

    /// <summary>A structure of some type.</summary>
    public string Of(string type, string fields) => Named($"static const {type} ", "", fields);

    private string Array(string type, int length, string list) =>
        Named($"static const {type} ", $"[{length.ToString(CultureInfo.InvariantCulture)}]", list);

    private string Named(string before, string after, string list)
    {
        string key = before + after + list;
        if (_names.TryGetValue(key, out string? known))
            return known;
        string name = $"nn_c{_names.Count.ToString(CultureInfo.InvariantCulture)}";
        _names.Add(key, name);
        _text.Append(before).Append(name).Append(after).Append(list.Length > Most ? " = {\n" : " = {").Append(list).Append("};\n");
        return name;
    }

    private static string Word(uint value) =>
        value < 10 ? value.ToString(CultureInfo.InvariantCulture) : "0x" + value.ToString("x", CultureInfo.InvariantCulture);
}
