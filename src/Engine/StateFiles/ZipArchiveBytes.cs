using System.Buffers.Binary;
using System.Text;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.StateFiles;

/// <summary>One member of a zip archive: its name, its bytes within the file, and the sum that is written of them.</summary>
internal readonly record struct ZipMember(string Name, int HeaderStart, int Start, int Length, uint Crc);

/// <summary>
/// A zip archive in memory, as <c>torch.save</c> writes it: members stored as they are, sizes in the central directory, zip64 where the
/// writer likes it. Members that are compressed, encrypted, cut short or that overlap are refused; what the archive claims allocates
/// nothing.
/// </summary>
internal sealed class ZipArchiveBytes
{
    private const uint LocalHeader = 0x04034b50, CentralHeader = 0x02014b50, End = 0x06054b50, End64 = 0x06064b50, Locator64 = 0x07064b50;
    private const int LocalLength = 30, CentralLength = 46, EndLength = 22, End64Length = 56, Locator64Length = 20;
    private const ushort Extra64 = 1;

    private readonly string _file;
    private readonly byte[] _bytes;
    private readonly Dictionary<string, ZipMember> _members = [];

    public ZipArchiveBytes(string file, byte[] bytes)
    {
        (_file, _bytes) = (file, bytes);
        var (start, length, count) = CentralDirectory();
        int at = start;
        for (long i = 0; i < count; i++)
            at = ReadMember(at, start + length);
        if (at != start + length)
            throw Damaged($"has a central directory of {length} bytes, of which its {count} members take {at - start}");
        CheckOverlap(start);
    }

    /// <summary>The members, in the order of the directory.</summary>
    public IEnumerable<ZipMember> Members => _members.Values;

    /// <summary>A member by name; null where there is none.</summary>
    public ZipMember? Find(string name) => _members.TryGetValue(name, out ZipMember member) ? member : null;

    /// <summary>A member's bytes, compared with their sum.</summary>
    public ReadOnlyMemory<byte> Read(ZipMember member)
    {
        var content = _bytes.AsMemory(member.Start, member.Length);
        return Crc32.Of(content.Span) == member.Crc
            ? content
            : throw Damaged($"has the member {Quote(member.Name)}, whose checksum (CRC-32) does not fit: changed or damaged");
    }

    /// <summary>Whether a file begins as such an archive.</summary>
    public static bool Is(ReadOnlySpan<byte> start) =>
        start.Length >= sizeof(uint) && BinaryPrimitives.ReadUInt32LittleEndian(start) == LocalHeader;

    /// <summary>Where the directory lies, and how many members it lists.</summary>
    private (int Start, int Length, long Count) CentralDirectory()
    {
        int end = FindEnd();
        long count = U16(end + 10), length = U32(end + 12), start = U32(end + 16);
        int before = end;
        if (end >= Locator64Length && U32(end - Locator64Length) == Locator64)
        {
            long end64 = I64(end - Locator64Length + 8);
            if (end64 < 0 || end64 > end - Locator64Length - End64Length || U32((int)end64) != End64)
                throw Damaged("has no zip64 directory where its locator says");
            (count, length, start) = (I64((int)end64 + 32), I64((int)end64 + 40), I64((int)end64 + 48));
            before = (int)end64;
        }

        if (start < 0 || length < 0 || start > before || length != before - start)
            throw Damaged($"has a central directory at byte {start} of {length} bytes, which does not end where its end begins");
        return count >= 0 && count <= length / CentralLength
            ? ((int)start, (int)length, count)
            : throw Damaged($"claims {count} members in a central directory of {length} bytes");
    }

    /// <summary>The record at the file's end; a comment may follow it.</summary>
    private int FindEnd()
    {
        for (int at = _bytes.Length - EndLength; at >= Math.Max(0, _bytes.Length - EndLength - ushort.MaxValue); at--)
        {
            if (U32(at) == End && at + EndLength + U16(at + 20) == _bytes.Length)
                return at;
        }

        throw Damaged("has no end of a zip archive: it is cut short");
    }

    /// <summary>Reads one entry of the directory and returns where the next begins.</summary>
    private int ReadMember(int at, int end)
    {
        if (end - at < CentralLength || U32(at) != CentralHeader)
            throw Damaged($"has a damaged central directory at byte {at}");
        int nameLength = U16(at + 28), extraLength = U16(at + 30);
        long next = (long)at + CentralLength + nameLength + extraLength + U16(at + 32);
        if (next > end)
            throw Damaged($"has a damaged central directory at byte {at}");
        string name = Encoding.UTF8.GetString(_bytes, at + CentralLength, nameLength);
        var (flags, method, crc) = (U16(at + 8), U16(at + 10), U32(at + 16));
        long packed = U32(at + 20), length = U32(at + 24), header = U32(at + 42);
        (length, packed, header) = Read64(name, at + CentralLength + nameLength, extraLength, [length, packed, header]);
        if ((flags & 1) != 0)
            throw Damaged($"has the member {Quote(name)}, which is encrypted");
        if (method != 0 || packed != length)
            throw Damaged($"has the member {Quote(name)}, which is compressed (method {method}): PyTorch stores them as they are");
        if (!_members.TryAdd(name, Located(name, header, length, crc)))
            throw Damaged($"has the member {Quote(name)} twice");
        return (int)next;
    }

    /// <summary>Numbers too large for their fields stand in an extra field, in this order and only where their fields are full.</summary>
    private (long Length, long Packed, long Header) Read64(string name, int at, int extraLength, Span<long> numbers)
    {
        for (int end = at + extraLength, size; end - at >= 4; at += size)
        {
            int id = U16(at);
            size = U16(at + 2);
            at += 4;
            if (id != Extra64 || size > end - at)
                continue;
            int next = at;
            foreach (ref long number in numbers)
            {
                if (number != uint.MaxValue)
                    continue;
                if (next + 8 > at + size)
                    throw Damaged($"has the member {Quote(name)}, whose zip64 field is too short");
                number = I64(next);
                next += 8;
            }
        }

        return (numbers[0], numbers[1], numbers[2]);
    }

    private ZipMember Located(string name, long header, long length, uint crc)
    {
        if (header < 0 || length < 0 || header > _bytes.Length - LocalLength || U32((int)header) != LocalHeader)
            throw Damaged($"has the member {Quote(name)}, which is not where the central directory says (byte {header})");
        long start = header + LocalLength + U16((int)header + 26) + U16((int)header + 28);
        return start <= _bytes.Length && length <= _bytes.Length - start
            ? new(name, (int)header, (int)start, (int)length, crc)
            : throw Damaged($"has the member {Quote(name)}, of {length} bytes at {start}, which ends after the file: it is cut short");
    }

    private void CheckOverlap(int directory)
    {
        ZipMember? last = null;
        foreach (ZipMember member in _members.Values.OrderBy(m => m.HeaderStart))
        {
            if (last is { } before && before.Start + before.Length > member.HeaderStart)
                throw Damaged($"has the members {Quote(before.Name)} and {Quote(member.Name)}, which overlap");
            last = member;
        }

        if (last is { } final && final.Start + final.Length > directory)
            throw Damaged($"has the member {Quote(final.Name)}, which reaches into the central directory");
    }

    private static string Quote(string name) => CheckpointException.Quote(name);

    private int U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at));

    private long I64(int at) => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(at));

    private CheckpointException Damaged(string what) => new(CheckpointFault.Damaged, _file, what);
}
