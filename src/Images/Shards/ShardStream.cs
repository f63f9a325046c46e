namespace ReSTE.Native.Images.Shards;

/// <summary>
/// A file for the library to read, which refuses to be read past its end: past the end of one that is cut short the library would read on
/// for ever, and past the pages that were looked at it would believe what the next bytes claim.
/// </summary>
internal sealed class ShardStream(Stream file) : Stream
{
    private const int Ahead = 4096;

    private readonly BufferedStream _file = new(file, Ahead);

    /// <summary>The byte after the last one that may be read.</summary>
    public long End { get; set; } = file.Length;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = file.Length;

    public override long Position
    {
        get => _file.Position;
        set => _file.Position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        long left = End - Position;
        if (left <= 0 && buffer.Length > 0)
            throw new InvalidDataException(FormattableString.Invariant($"more is wanted at byte {Position} than is there"));
        return _file.Read(buffer[..(int)Math.Min(left, buffer.Length)]);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int ReadByte()
    {
        Span<byte> next = stackalloc byte[1];
        return Read(next) == 1 ? next[0] : -1;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer, offset, count));

    public override long Seek(long offset, SeekOrigin origin) => _file.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }
}
