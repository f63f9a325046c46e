namespace ReSTE.Native.Data.Archives;

/// <summary>
/// A gzip file and then one more gzip member, whose content is <see cref="EndMark"/>. The framework's inflater takes the end of a file for
/// the end of its data, even in the middle of a member, and what is no gzip header for the end of the file. Only where every member before
/// it is whole does the last one come out.
/// </summary>
internal sealed class TailedStream(Stream file) : Stream
{
    // Header, a stored block of eight bytes, which is the last one, their sum and their number.
    private static readonly byte[] s_member =
    [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1, 8, 0, 0xf7, 0xff, .. "the end."u8, 0x1b, 0xb1, 0x6f, 0xff, 8, 0, 0, 0,
    ];

    private int _given;

    /// <summary>What comes out after everything else.</summary>
    public static ReadOnlySpan<byte> EndMark => "the end."u8;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = file.Read(buffer);
        if (read > 0)
            return read;
        read = Math.Min(s_member.Length - _given, buffer.Length);
        s_member.AsSpan(_given, read).CopyTo(buffer);
        _given += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
