using ReSTE.Native.Datasets;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Data.Archives;

/// <summary>
/// The members of a tar archive, one after another, each of which can be read or is stepped over. It is not the framework's reader, for
/// that one allocates what a long name's header claims, up to two gigabytes, before it reads a byte of it.
/// </summary>
internal sealed class TarFile(ArchiveBytes file, Func<string, Exception?, DatasetException> refuse)
{
    private const int ChunkBytes = 64 << 10, LongestName = 100;

    // What contents are read into first, so that a member that claims more than there is costs no more than what there is.
    private readonly List<byte[]> _chunks = [new byte[ChunkBytes]];
    private TarHeader _member;
    private long _left;

    /// <summary>Whether a file that starts like this is a tar archive, be its first header damaged.</summary>
    public static bool Is(ReadOnlySpan<byte> start) =>
        start.Length == TarHeader.Block && (TarHeader.IsMarked(start) || TarHeader.Parse(start) is not null);

    /// <summary>The next member, null after the last; then the rest of the file has been read and found intact.</summary>
    public TarHeader? Next()
    {
        Skip(_left + Padding(_member.Size));
        while (ReadHeader() is { } header)
        {
            (_member, _left) = (header, header.Size);
            if (header.IsWithoutContent && header.Size > 0)
                throw Refuse("claims to be a link, a device or a folder, and to hold bytes");
            if (!header.IsExtension)
                return header.ClimbsOut ? throw Refuse("climbs out of the archive's folder") : header;
            Skip(_left + Padding(header.Size));
        }

        ReadToEnd(_chunks[0]);
        return null;
    }

    /// <summary>The current member's content.</summary>
    public byte[] Content(int most)
    {
        if (!_member.IsFile)
            throw Refuse("is a link, a device or a folder where a file was expected");
        if (_left > most)
            throw Refuse($"claims {_left} bytes where at most {most} were expected");
        for (int i = 0; _left > 0; i++)
        {
            if (i == _chunks.Count)
                _chunks.Add(new byte[ChunkBytes]);
            Take(_chunks[i].AsSpan(0, (int)Math.Min(_left, ChunkBytes)));
        }

        byte[] content = new byte[_member.Size];
        for (int at = 0; at < content.Length; at += ChunkBytes)
            _chunks[at / ChunkBytes].AsSpan(0, Math.Min(ChunkBytes, content.Length - at)).CopyTo(content.AsSpan(at));
        return content;
    }

    /// <summary>The error of something wrong with the current member.</summary>
    private DatasetException Refuse(string what) => refuse($"member '{OneLine.Of(_member.Name, LongestName)}' {what}", null);

    private TarHeader? ReadHeader()
    {
        long at = file.Offset;
        Span<byte> block = stackalloc byte[TarHeader.Block];
        int read = file.Read(block);
        if (read < block.Length)
            throw refuse(_member.Name is null ? "it holds no tar archive" : "it ends without a tar archive's end", null);
        if (!block.ContainsAnyExcept((byte)0))
            return null;
        return TarHeader.Parse(block) ?? throw refuse($"no tar header at byte {at} of its content", null);
    }

    /// <summary>Tar fills up its last record with zeros, and a compressed file has its sums to be checked at the end.</summary>
    private void ReadToEnd(Span<byte> scratch)
    {
        int read = scratch.Length;
        while (read == scratch.Length)
        {
            read = file.Read(scratch);
            if (scratch[..read].ContainsAnyExcept((byte)0))
                throw refuse("something else follows the tar archive in it", null);
        }
    }

    private void Skip(long count)
    {
        _left = count;
        while (_left > 0)
            Take(_chunks[0].AsSpan(0, (int)Math.Min(_left, ChunkBytes)));
    }

    private void Take(Span<byte> buffer)
    {
        int read = file.Read(buffer);
        if (read < buffer.Length)
            throw Refuse($"is cut short: {_left - read} bytes are missing");
        _left -= read;
    }

    private static long Padding(long size) => -size & (TarHeader.Block - 1);
}
