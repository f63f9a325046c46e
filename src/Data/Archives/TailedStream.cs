namespace ReSTE.Native.Data.Archives;

/// <summary>
/// A file and then eight bytes more. The framework's inflater takes the end of a file for the end of its data, even where that cuts off the sum
/// to check it by; with these bytes in a missing sum's place, the check is made and fails. Behind a whole sum it ignores them.
/// </summary>
internal sealed class TailedStream(Stream file) : Stream
{
    private const int SumAndSize = 8;

    private int _tail = SumAndSize;

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
        read = Math.Min(_tail, buffer.Length);
        _tail -= read;
        buffer[..read].Fill(0xff);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
