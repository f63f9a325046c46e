using System.Buffers.Binary;
using System.Text;

namespace ReSTE.Native.Pickles;

/// <summary>Walks a pickle's bytes; every step is checked against their end.</summary>
internal sealed class PickleCursor(byte[] bytes, int start)
{
    private const int LongestLine = 256;

    public byte[] Bytes => bytes;

    /// <summary>Offset of the next byte.</summary>
    public int Offset { get; private set; } = start;

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public double Real() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>The next bytes as a value.</summary>
    public PickleValue Piece(PickleKind kind, long count)
    {
        int at = Offset;
        Take(count);
        return PickleValue.Piece(kind, bytes, at, (int)count);
    }

    /// <summary>A whole number in two's complement of any length.</summary>
    public PickleValue Long(long count)
    {
        PickleValue piece = Piece(PickleKind.LongInteger, count);
        if (count > sizeof(long))
            return piece;
        long value = 0;
        for (int i = 0; i < count; i++)
            value |= (long)piece.Bytes[i] << (8 * i);
        int unused = 64 - 8 * (int)count;
        return new(PickleKind.Integer, count == 0 ? 0 : value << unused >> unused);
    }

    /// <summary>A line of printable ASCII without its end.</summary>
    public string Line()
    {
        var rest = bytes.AsSpan(Offset);
        int length = rest[..Math.Min(rest.Length, LongestLine + 1)].IndexOf((byte)'\n');
        if (length < 0)
            throw new PickleException(Offset, $"no end of line within {LongestLine} bytes");
        if (rest[..length].ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            throw new PickleException(Offset, "a name that is not printable ASCII");
        return Encoding.ASCII.GetString(Take(length + 1)[..length]);
    }

    /// <summary>Refuses a length of a frame that reaches past the end; the frame's own bytes come next.</summary>
    public void CheckLeft(long count)
    {
        if (count < 0 || count > bytes.Length - Offset)
            throw new PickleException(Offset, $"{count} bytes were expected, {bytes.Length - Offset} are left");
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        CheckLeft(count);
        var taken = bytes.AsSpan(Offset, (int)count);
        Offset += (int)count;
        return taken;
    }
}
