using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ReSTE.Native.Export.C;

namespace ReSTE.Native.Export.Page;

/// <summary>
/// The memory of the module that runs a network: what the kernels keep for themselves, the workspace, the image, the scores, and the
/// network's numbers and structures, which lie where the calls say. Alike ones lie there once.
/// </summary>
internal sealed class PageMemory
{
    // The module's stack and constants end below; the page's script refuses one whose do not.
    private const int Kernels = 1 << 16, Alignment = 16;

    private readonly Dictionary<string, int> _places = [];
    private readonly MemoryStream _data = new();

    public PageMemory(KernelCalls calls)
    {
        Workspace = Kernels;
        Image = Workspace + Aligned((int)calls.Memory.Bytes);
        Scores = Image + Aligned(calls.Network.Input.Bytes);
        DataAt = Scores + Aligned(calls.Network.Classes.Count * sizeof(float));
    }

    /// <summary>Where the workspace is.</summary>
    public int Workspace { get; }

    /// <summary>Where the image's bytes go.</summary>
    public int Image { get; }

    /// <summary>Where the scores are left.</summary>
    public int Scores { get; }

    /// <summary>Where the data go.</summary>
    public int DataAt { get; }

    /// <summary>What goes there.</summary>
    public ReadOnlyMemory<byte> Data => _data.GetBuffer().AsMemory(0, (int)_data.Length);

    /// <summary>Bytes of it all.</summary>
    public long Bytes => DataAt + _data.Length;

    /// <summary>An argument as the number that a kernel takes.</summary>
    public int Of(KernelArgument argument) => argument switch
    {
        NumberArgument number => number.Value,
        NullArgument => 0,
        FloatsArgument floats => Place(MemoryMarshal.AsBytes(floats.Values.AsSpan())),
        WordsArgument words => Place(MemoryMarshal.AsBytes(words.Values.AsSpan())),
        IntegersArgument integers => Place(MemoryMarshal.AsBytes(integers.Values.AsSpan())),
        ValueArgument value => Workspace + value.At,
        StructArgument structure => Place(MemoryMarshal.AsBytes(Fields(structure).ToArray().AsSpan())),
        ImageArgument => Image,
        ScratchArgument => Workspace,
        _ => throw new InvalidOperationException($"there is no number for {argument}"),
    };

    // On a machine of 32 bits every field is a word, those of a structure within another among them.
    private IEnumerable<int> Fields(StructArgument structure) =>
        structure.Fields.SelectMany(field => field is StructArgument inner ? Fields(inner) : [Of(field)]);

    private int Place(ReadOnlySpan<byte> bytes)
    {
        string key = Convert.ToHexString(SHA256.HashData(bytes));
        if (_places.TryGetValue(key, out int known))
            return known;
        _data.SetLength(Aligned((int)_data.Length));
        int at = DataAt + (int)_data.Length;
        _data.Seek(0, SeekOrigin.End);
        _data.Write(bytes);
        _places.Add(key, at);
        return at;
    }

    private static int Aligned(int bytes) => checked((bytes + Alignment - 1) / Alignment * Alignment);
}
