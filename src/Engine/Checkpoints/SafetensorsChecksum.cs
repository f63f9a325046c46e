using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ReSTE.Native.Checkpoints;

/// <summary>
/// SHA-256 over everything a safetensors file says: its strings but the checksum itself, then of each tensor name, type, shape and bytes,
/// both by sorted names. It lies among the strings, as 64 hexadecimal digits.
/// </summary>
internal sealed class SafetensorsChecksum : IDisposable
{
    /// <summary>The string's key.</summary>
    public const string Key = "sha256";

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Takes a string in.</summary>
    public void Add(string key, string value)
    {
        if (key != Key)
            AddText($"{key.Length} {key} {value.Length} {value}");
    }

    /// <summary>Takes a tensor in.</summary>
    public void Add(string name, SafetensorsType type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> bytes)
    {
        AddText($"{name.Length} {name} {type} ");
        foreach (long dimension in shape)
            AddText(dimension.ToString(CultureInfo.InvariantCulture) + " ");
        _hash.AppendData(bytes);
    }

    /// <summary>The digits.</summary>
    public string Value() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private void AddText(string text) => _hash.AppendData(Encoding.UTF8.GetBytes(text));
}
