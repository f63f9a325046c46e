using System.Buffers.Binary;

namespace ReSTE.Native.Checkpoints;

/// <summary>
/// A safetensors file in memory: named tensors and a few strings. Reading is strict: a file with anything out of place is refused as a
/// whole, with a <see cref="CheckpointException"/>, and what its header claims allocates no memory. The bytes are held once.
/// </summary>
public sealed class SafetensorsFile
{
    /// <summary>Bytes before the header: its length, unsigned, little-endian.</summary>
    internal const int PrefixLength = 8;

    /// <summary>The largest header the format's reference reader accepts, in bytes.</summary>
    internal const int MaximumHeader = 100_000_000;

    private readonly byte[] _bytes;
    private readonly int _dataStart;
    private readonly OrderedDictionary<string, SafetensorsEntry> _entries;

    private SafetensorsFile(string name, byte[] bytes)
    {
        Name = name;
        _bytes = bytes;
        _dataStart = PrefixLength + HeaderLength(name, bytes, bytes.Length);
        (var metadata, _entries) = SafetensorsHeader.Parse(name, bytes.AsSpan(PrefixLength.._dataStart));
        Metadata = metadata;
        SafetensorsLayout.Check(name, _entries.Values, bytes.Length - _dataStart);
    }

    /// <summary>The file, as the user named it.</summary>
    public string Name { get; }

    /// <summary>The file's own strings, by key; empty if it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors, in the order of the header.</summary>
    public IReadOnlyList<SafetensorsEntry> Tensors => _entries.Values;

    /// <summary>A tensor by name.</summary>
    /// <exception cref="CheckpointException">The file has no such tensor.</exception>
    public SafetensorsEntry this[string name] => _entries.TryGetValue(name, out var entry)
        ? entry
        : throw new CheckpointException(CheckpointFault.Incomplete, Name, $"has no tensor {CheckpointException.Quote(name)}");

    /// <summary>Reads a file from disk.</summary>
    /// <exception cref="CheckpointException">Missing, unreadable, above 2 GB, or not a whole and correct safetensors file.</exception>
    public static SafetensorsFile Open(string path) =>
        CheckpointStream.With(path, stream => new SafetensorsFile(path, ReadAll(path, stream)));

    /// <summary>Reads a file that is already in memory.</summary>
    /// <param name="bytes">The whole file. It is not copied: the caller leaves it alone from here on.</param>
    /// <param name="name">What to call the file in messages.</param>
    /// <exception cref="CheckpointException">The bytes are not a whole and correct safetensors file.</exception>
    public static SafetensorsFile Read(byte[] bytes, string name) => new(name, bytes);

    /// <summary>Whether the file has a tensor of this name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>A tensor's bytes as the file stores them: little-endian, row-major.</summary>
    /// <exception cref="CheckpointException">The file has no such tensor.</exception>
    public ReadOnlySpan<byte> Data(string name)
    {
        var entry = this[name];
        return _bytes.AsSpan(_dataStart + (int)entry.Begin, (int)(entry.End - entry.Begin));
    }

    /// <summary>The same bytes, to be kept as long as the file.</summary>
    internal ReadOnlyMemory<byte> Memory(string name)
    {
        var entry = this[name];
        return _bytes.AsMemory(_dataStart + (int)entry.Begin, (int)(entry.End - entry.Begin));
    }

    /// <summary>A tensor's values as float64, from any float or integer type; only 64-bit integers beyond 2^53 are rounded.</summary>
    /// <exception cref="CheckpointException">The file has no such tensor, or its type has no such form.</exception>
    public double[] ReadFloat64(string name) =>
        SafetensorsValues.ToFloat<double>(this[name].Type, Data(name)) ?? throw WrongType(name, "float64");

    /// <summary>A tensor's values as float32, from any float or integer type, rounded to nearest where it has more digits.</summary>
    /// <exception cref="CheckpointException">The file has no such tensor, or its type has no such form.</exception>
    public float[] ReadFloat32(string name) =>
        SafetensorsValues.ToFloat<float>(this[name].Type, Data(name)) ?? throw WrongType(name, "float32");

    /// <summary>A tensor's values as 64-bit integers, from any integer type or BOOL; a float type is refused, not rounded.</summary>
    /// <exception cref="CheckpointException">The file has no such tensor, its type is a float, or a value exceeds 2^63 - 1.</exception>
    public long[] ReadInt64(string name)
    {
        try
        {
            return SafetensorsValues.ToInteger<long>(this[name].Type, Data(name)) ?? throw WrongType(name, "int64");
        }
        catch (OverflowException error)
        {
            throw new CheckpointException(CheckpointFault.WrongType, Name,
                $"the tensor {CheckpointException.Quote(name)} has a value above 2^63 - 1", error);
        }
    }

    /// <summary>Compares the file with the checksum among its strings. In which order its names lie makes no difference.</summary>
    /// <exception cref="CheckpointException">It has none, or the file was changed since it was written.</exception>
    public void VerifyChecksum()
    {
        if (!Metadata.ContainsKey(SafetensorsChecksum.Key))
            throw new CheckpointException(CheckpointFault.Incomplete, Name, "has no checksum");
        if (!ChecksumFits())
            throw Changed();
    }

    /// <summary>
    /// Whether the checksum fits strings and tensors by sorted names or, as older versions wrote it, in the order they lie in.
    /// </summary>
    internal bool ChecksumFits() =>
        ChecksumFits(Metadata.Keys.Order(StringComparer.Ordinal), Tensors.Select(t => t.Name).Order(StringComparer.Ordinal))
        || ChecksumFits(Metadata.Keys, Tensors.Select(t => t.Name));

    /// <summary>Whether it fits them in a certain order.</summary>
    internal bool ChecksumFits(IEnumerable<string> keys, IEnumerable<string> names)
    {
        using var checksum = new SafetensorsChecksum();
        foreach (string key in keys)
            checksum.Add(key, Metadata[key]);
        foreach (string name in names)
            checksum.Add(name, this[name].Type, this[name].Shape.AsSpan(), Data(name));
        return Metadata.TryGetValue(SafetensorsChecksum.Key, out string? written) && written == checksum.Value();
    }

    /// <summary>The error of a file whose checksum does not fit.</summary>
    internal CheckpointException Changed() => new(CheckpointFault.Damaged, Name, "is not as it was written: changed or damaged");

    private static byte[] ReadAll(string path, FileStream stream)
    {
        long length = CheckpointStream.Length(path, stream);

        // The header's length first: a foreign file of any size is told apart by its first eight bytes.
        Span<byte> prefix = stackalloc byte[PrefixLength];
        int got = stream.ReadAtLeast(prefix, PrefixLength, throwOnEndOfStream: false);
        _ = HeaderLength(path, prefix[..got], length);

        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)length);
        prefix.CopyTo(bytes);
        stream.ReadExactly(bytes, PrefixLength, bytes.Length - PrefixLength);
        return bytes;
    }

    private static int HeaderLength(string file, ReadOnlySpan<byte> start, long fileLength)
    {
        if (start.Length < PrefixLength || fileLength < PrefixLength)
            throw new CheckpointException(CheckpointFault.Damaged, file, $"has {fileLength} bytes: too short for a safetensors file");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (length > MaximumHeader)
            throw new CheckpointException(CheckpointFault.NotACheckpoint, file,
                $"is no safetensors file: it announces a header of {length} bytes, more than {MaximumHeader}");
        if ((long)length > fileLength - PrefixLength)
            throw new CheckpointException(CheckpointFault.Damaged, file,
                $"announces a header of {length} bytes but is {fileLength} bytes long: it is cut short");
        return (int)length;
    }

    private CheckpointException WrongType(string name, string wanted) =>
        new(CheckpointFault.WrongType, Name,
            $"the tensor {CheckpointException.Quote(name)} is {this[name].Type.FileName()}, which cannot be read as {wanted}");
}
