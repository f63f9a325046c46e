using System.Text;

namespace ReSTE.Native.StateFiles;

/// <summary>
/// Writes a zip archive as PyTorch does: members stored as they are, their bytes beginning at multiples of 64, so that a reader may map
/// them. The same members give the same bytes. It is for archives below 2 GB.
/// </summary>
internal sealed class ZipWriter(Stream stream) : IDisposable
{
    private const int Alignment = 64, LocalLength = 30, MostMembers = ushort.MaxValue;
    private const ushort Version = 20, Utf8 = 1 << 11, PaddingId = 0x4246;

    // The first of January 1980, midnight: the earliest there is.
    private const uint Date = 0x0021_0000;

    private readonly BinaryWriter _writer = new(stream, Encoding.UTF8, leaveOpen: true);
    private readonly List<(byte[] Name, uint Crc, int Length, uint Start)> _members = [];

    /// <summary>Adds a member.</summary>
    /// <exception cref="IOException">The archive would be larger than 2 GB or have too many members, or cannot be written.</exception>
    public void Add(string name, ReadOnlySpan<byte> bytes)
    {
        if (_members.Count == MostMembers)
            throw new IOException($"a zip archive of more than {MostMembers} members is not supported");
        byte[] text = Encoding.UTF8.GetBytes(name);
        uint start = Position(bytes.Length);
        int unpadded = (int)start + LocalLength + text.Length + 4;
        int padding = (Alignment - unpadded % Alignment) % Alignment;
        uint crc = Crc32.Of(bytes);
        _members.Add((text, crc, bytes.Length, start));
        _writer.Write(0x04034b50u);
        Common(crc, bytes.Length, text.Length, (ushort)(4 + padding));
        _writer.Write(text);
        _writer.Write(PaddingId);
        _writer.Write((ushort)padding);
        _writer.Write(new byte[padding]);
        _writer.Write(bytes);
    }

    /// <summary>Writes the directory: the archive is whole.</summary>
    public void Finish()
    {
        uint start = Position(0);
        foreach (var (name, crc, length, header) in _members)
        {
            _writer.Write(0x02014b50u);
            _writer.Write(Version);
            Common(crc, length, name.Length, 0);
            // Comment, disk and attributes: none.
            _writer.Write(new byte[10]);
            _writer.Write(header);
            _writer.Write(name);
        }

        uint end = Position(0);
        _writer.Write(0x06054b50u);
        _writer.Write(0u);
        _writer.Write((ushort)_members.Count);
        _writer.Write((ushort)_members.Count);
        _writer.Write(end - start);
        _writer.Write(start);
        _writer.Write((ushort)0);
        _writer.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    /// <summary>What a member's two headers have in common.</summary>
    private void Common(uint crc, int length, int nameLength, ushort extraLength)
    {
        _writer.Write(Version);
        _writer.Write(Utf8);
        _writer.Write((ushort)0);
        _writer.Write(Date);
        _writer.Write(crc);
        _writer.Write(length);
        _writer.Write(length);
        _writer.Write((ushort)nameLength);
        _writer.Write(extraLength);
    }

    private uint Position(int more)
    {
        _writer.Flush();
        return stream.Position + more <= int.MaxValue
            ? (uint)stream.Position
            : throw new IOException("a zip archive above 2 GB is not supported");
    }
}
