using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ReSTE.Native.Checkpoints;

/// <summary>Collects tensors and strings for a safetensors file. The same calls in the same order give the same bytes.</summary>
internal sealed class SafetensorsWriter
{
    private const int Alignment = 8;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly OrderedDictionary<string, string> _metadata = [];
    private readonly OrderedDictionary<string, Tensor> _tensors = [];

    /// <summary>Adds a string about the whole file; the key is new and well-formed text.</summary>
    /// <exception cref="ArgumentException">The key is taken, or a string has half a surrogate pair.</exception>
    public void AddMetadata(string key, string value)
    {
        RequireText(key, nameof(key));
        RequireText(value, nameof(value));
        _metadata.Add(key, value);
    }

    /// <summary>Adds a tensor from its bytes, little-endian and row-major; not copied: leave them until the file is written.</summary>
    /// <exception cref="ArgumentException">The name is taken or reserved, or the bytes do not fit type and shape.</exception>
    public void Add(string name, SafetensorsType type, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> bytes)
    {
        RequireText(name, nameof(name));
        if (name == SafetensorsHeader.MetadataKey)
            throw new ArgumentException($"no tensor can be called {name}", nameof(name));
        foreach (long dimension in shape)
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(shape));
        if (type.Extent(shape)?.Bytes != bytes.Length)
            throw new ArgumentException($"the tensor '{name}' has {bytes.Length} bytes, which do not fill its shape", nameof(bytes));
        _tensors.Add(name, new Tensor(type, shape.ToArray(), bytes));
    }

    /// <summary>Adds a float32 tensor; the values are copied.</summary>
    public void Add(string name, ReadOnlySpan<long> shape, ReadOnlySpan<float> values) =>
        Add(name, SafetensorsType.F32, shape, SafetensorsValues.ToBytes(values));

    /// <summary>Adds a float64 tensor; the values are copied.</summary>
    public void Add(string name, ReadOnlySpan<long> shape, ReadOnlySpan<double> values) =>
        Add(name, SafetensorsType.F64, shape, SafetensorsValues.ToBytes(values));

    /// <summary>Adds a tensor of 64-bit integers; the values are copied.</summary>
    public void Add(string name, ReadOnlySpan<long> shape, ReadOnlySpan<long> values) =>
        Add(name, SafetensorsType.I64, shape, SafetensorsValues.ToBytes(values));

    /// <summary>
    /// Adds a checksum over all strings and tensors added so far, by sorted names: the order they were added in does not matter.
    /// The last call before writing.
    /// </summary>
    public void AddChecksum()
    {
        using var checksum = new SafetensorsChecksum();
        foreach (var (key, value) in _metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            checksum.Add(key, value);
        foreach (var (name, tensor) in _tensors.OrderBy(t => t.Key, StringComparer.Ordinal))
            checksum.Add(name, tensor.Type, tensor.Shape, tensor.Bytes.Span);
        AddMetadata(SafetensorsChecksum.Key, checksum.Value());
    }

    /// <summary>Writes the file to a stream.</summary>
    /// <exception cref="InvalidOperationException">The header would exceed the 100 MB that readers accept.</exception>
    public void WriteTo(Stream stream)
    {
        var header = Header();
        Span<byte> prefix = stackalloc byte[SafetensorsFile.PrefixLength];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var tensor in _tensors.Values)
            stream.Write(tensor.Bytes.Span);
    }

    /// <summary>Writes the file to disk, replacing an older one only when the new one is complete.</summary>
    /// <exception cref="IOException">The file cannot be written; the older one is untouched.</exception>
    public void Save(string path) => AtomicFile.Write(path, WriteTo);

    private ReadOnlySpan<byte> Header()
    {
        var buffer = new ArrayBufferWriter<byte>();
        // The relaxed encoder leaves names readable; the header is no web page.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            WriteHeader(json);
        // Spaces after the JSON: the data begins aligned.
        int padding = (Alignment - buffer.WrittenCount % Alignment) % Alignment;
        buffer.Write("        "u8[..padding]);
        if (buffer.WrittenCount > SafetensorsFile.MaximumHeader)
            throw new InvalidOperationException($"the header takes {buffer.WrittenCount} bytes, more than {SafetensorsFile.MaximumHeader}");
        return buffer.WrittenSpan;
    }

    private void WriteHeader(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (_metadata.Count > 0)
        {
            json.WriteStartObject(SafetensorsHeader.MetadataKey);
            foreach (var (key, value) in _metadata)
                json.WriteString(key, value);
            json.WriteEndObject();
        }

        long begin = 0;
        foreach (var (name, tensor) in _tensors)
        {
            json.WriteStartObject(name);
            json.WriteString("dtype", tensor.Type.FileName());
            WriteNumbers(json, "shape", tensor.Shape);
            WriteNumbers(json, "data_offsets", [begin, begin + tensor.Bytes.Length]);
            json.WriteEndObject();
            begin += tensor.Bytes.Length;
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string field, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(field);
        foreach (long number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    // Half a surrogate pair would be written as a replacement character, and two names could become one.
    private static void RequireText(string text, string argument)
    {
        try
        {
            _ = StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new ArgumentException("the text has half a surrogate pair", argument, error);
        }
    }

    private readonly record struct Tensor(SafetensorsType Type, long[] Shape, ReadOnlyMemory<byte> Bytes);
}
