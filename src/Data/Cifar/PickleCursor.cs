using System.Buffers.Binary;
using System.Text;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Cifar;

/// <summary>Walks a pickle's bytes; every step is checked against the file's end, every refusal names the file and the offset.</summary>
internal sealed class PickleCursor(byte[] bytes, string path, CifarSet set)
{
    private const int LongestLine = 64;

    /// <summary>The set whose batch this should be.</summary>
    public CifarSet Set => set;

    /// <summary>Offset of the next byte.</summary>
    public int Offset { get; private set; }

    public bool AtEnd => Offset == bytes.Length;

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>Steps over bytes and returns where they start.</summary>
    public int Skip(int count)
    {
        int start = Offset;
        Take(count);
        return start;
    }

    /// <summary>A line of printable ASCII without its end.</summary>
    public string Line()
    {
        var rest = bytes.AsSpan(Offset);
        int length = rest[..Math.Min(rest.Length, LongestLine + 1)].IndexOf((byte)'\n');
        if (length < 0)
            throw Unexpected(Offset, $"no end of line within {LongestLine} bytes");
        if (rest[..length].ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            throw Unexpected(Offset, "a name that is not printable ASCII");
        return Encoding.ASCII.GetString(Take(length + 1)[..length]);
    }

    /// <summary>Whether a string value's bytes are this text.</summary>
    public bool Is(PickleValue value, string text) =>
        value.Kind == PickleKind.String && value.B == text.Length && Ascii.Equals(bytes.AsSpan(value.A, value.B), text);

    /// <summary>A string value, as much of it as <paramref name="longest"/> characters.</summary>
    public string Text(PickleValue value, int longest) => Encoding.Latin1.GetString(bytes.AsSpan(value.A, Math.Min(value.B, longest)));

    public DatasetException Unexpected(int offset, string what) => set.Damaged(path, $"byte {offset}: {what}");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > bytes.Length - Offset)
            throw Unexpected(Offset, $"{count} bytes were expected, {bytes.Length - Offset} are left");
        var taken = bytes.AsSpan(Offset, count);
        Offset += count;
        return taken;
    }
}
