using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace ReSTE.Native.Checkpoints;

/// <summary>
/// Reads the JSON header of a safetensors file token by token, so that a hostile header costs no document tree. It checks everything that
/// one tensor's line can say about itself; <see cref="SafetensorsLayout"/> checks them together.
/// </summary>
internal ref struct SafetensorsHeader
{
    /// <summary>Key of the file's own strings; no tensor can have this name.</summary>
    public const string MetadataKey = "__metadata__";

    // Far above what any program writes, and low enough that a header of the smallest entries cannot exhaust the memory.
    private const int MaximumMetadata = 65_536, MaximumRank = 64;

    private readonly string _file;
    private Utf8JsonReader _reader;
    private OrderedDictionary<string, string>? _metadata;

    private SafetensorsHeader(string file, ReadOnlySpan<byte> json)
    {
        _file = file;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
    }

    /// <summary>Metadata and tensors of a header, both in the header's order.</summary>
    /// <exception cref="CheckpointException">The header breaks a rule of the format.</exception>
    public static (OrderedDictionary<string, string> Metadata, OrderedDictionary<string, SafetensorsEntry> Entries) Parse(
        string file, ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            throw new CheckpointException(CheckpointFault.NotACheckpoint, file,
                "the header does not begin with '{': this is not a safetensors file");
        }

        if (!Utf8.IsValid(json))
            throw new CheckpointException(CheckpointFault.Damaged, file, "the header is not valid UTF-8");
        var header = new SafetensorsHeader(file, json);
        try
        {
            var entries = header.ReadEntries();
            return (header._metadata ?? [], entries);
        }
        catch (JsonException error)
        {
            throw new CheckpointException(CheckpointFault.Damaged, file,
                $"the header is not valid JSON near its byte {header._reader.BytesConsumed}", error);
        }
    }

    private OrderedDictionary<string, SafetensorsEntry> ReadEntries()
    {
        var entries = new OrderedDictionary<string, SafetensorsEntry>();
        _reader.Read();
        while (NextName() is { } name)
        {
            if (name == MetadataKey)
            {
                if (_metadata is not null)
                    throw Broken(name, "appears twice");
                _metadata = ReadMetadata();
            }
            else if (!entries.TryAdd(name, ReadEntry(name)))
                throw Broken(name, "appears twice");
        }

        // Nothing but white space may follow; anything else throws here.
        _reader.Read();
        return entries;
    }

    private OrderedDictionary<string, string> ReadMetadata()
    {
        var strings = new OrderedDictionary<string, string>();
        Expect(JsonTokenType.StartObject, MetadataKey, "is not an object");
        while (NextName() is { } key)
        {
            Expect(JsonTokenType.String, MetadataKey, "has a value that is not a string");
            if (!strings.TryAdd(key, Text()))
                throw Broken(MetadataKey, $"has the key {CheckpointException.Quote(key)} twice");
            if (strings.Count > MaximumMetadata)
                throw Broken(MetadataKey, $"has more than {MaximumMetadata} strings");
        }

        return strings;
    }

    private SafetensorsEntry ReadEntry(string name)
    {
        SafetensorsType? type = null;
        long[]? shape = null, offsets = null;
        Expect(JsonTokenType.StartObject, name, "is not an object");
        while (NextName() is { } field)
        {
            bool first = field switch
            {
                "dtype" => type is null,
                "shape" => shape is null,
                "data_offsets" => offsets is null,
                _ => throw Broken(name, $"has an unknown field {CheckpointException.Quote(field)}"),
            };
            if (!first)
                throw Broken(name, $"has two fields '{field}'");
            if (field == "dtype")
                type = ReadType(name);
            else if (field == "shape")
                shape = ReadNumbers(name, field, MaximumRank);
            else
                offsets = ReadNumbers(name, field, 2);
        }

        if (type is null || shape is null || offsets is not { Length: 2 })
            throw Broken(name, "lacks a dtype, a shape or two data_offsets");
        return Entry(name, type.Value, shape, offsets[0], offsets[1]);
    }

    private readonly SafetensorsEntry Entry(string name, SafetensorsType type, long[] shape, long begin, long end)
    {
        if (begin > end)
            throw Broken(name, $"ends at {end}, before it begins at {begin}");
        if (type.Extent(shape) is not var (count, bytes))
            throw Broken(name, $"has the shape [{string.Join(", ", shape)}], larger than any file");
        if (bytes != end - begin)
            throw Broken(name, $"is {type.FileName()} [{string.Join(", ", shape)}], {bytes} bytes, but its offsets hold {end - begin}");
        return new SafetensorsEntry(name, type, ImmutableCollectionsMarshal.AsImmutableArray(shape), count, begin, end);
    }

    private SafetensorsType ReadType(string name)
    {
        Expect(JsonTokenType.String, name, "has a dtype that is not a string");
        string type = Text();
        return SafetensorsTypes.Find(type) ?? throw Broken(name, $"has the unknown dtype {CheckpointException.Quote(type)}");
    }

    private long[] ReadNumbers(string name, string field, int maximum)
    {
        var numbers = new List<long>(4);
        Expect(JsonTokenType.StartArray, name, "has a shape or data_offsets that are no array");
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            // Reading it unsigned refuses -0 too.
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetUInt64(out ulong number) || number > long.MaxValue)
                throw Broken(name, $"has a {field} with something else than a whole number from 0 to 2^63 - 1");
            if (numbers.Count == maximum)
                throw Broken(name, $"has a {field} of more than {maximum} numbers");
            numbers.Add((long)number);
        }

        return [.. numbers];
    }

    /// <summary>The next property's name, or null at the end of the object.</summary>
    private string? NextName()
    {
        _reader.Read();
        return _reader.TokenType == JsonTokenType.EndObject ? null : Text();
    }

    private string Text()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new CheckpointException(CheckpointFault.Damaged, _file,
                $"the header has half a surrogate pair near its byte {_reader.BytesConsumed}", error);
        }
    }

    private void Expect(JsonTokenType type, string name, string otherwise)
    {
        _reader.Read();
        if (_reader.TokenType != type)
            throw Broken(name, otherwise);
    }

    private readonly CheckpointException Broken(string name, string what) =>
        new(CheckpointFault.Damaged, _file, $"{CheckpointException.Quote(name)} {what} (near byte {_reader.BytesConsumed} of the header)");
}
