using System.IO.Compression;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Archives;

/// <summary>
/// What a gzip file inflates to, of one member or of several. The inflater checks each member's sum and size;
/// <see cref="TailedStream"/> tells whether it got to the end of the last one.
/// </summary>
internal sealed class InflatedFile(Stream file, long most, Func<string, Exception?, DatasetException> refuse) : ArchiveBytes(most, refuse)
{
    private readonly GZipStream _gzip = new(new TailedStream(file), CompressionMode.Decompress);
    private readonly Func<string, Exception?, DatasetException> _refuse = refuse;

    // What has been inflated but not handed out: it could be the mark.
    private readonly byte[] _held = new byte[TailedStream.EndMark.Length];
    private bool _started;

    /// <summary>Whether a file that starts like this is of gzip's form.</summary>
    public static bool Is(ReadOnlySpan<byte> start) => start is [0x1f, 0x8b, ..];

    public override void Dispose() => _gzip.Dispose();

    protected override int Fill(Span<byte> buffer)
    {
        if (!_started)
        {
            _started = true;
            if (Inflate(_held) < _held.Length)
                throw CutShort();
        }

        int read = Inflate(buffer);
        Rotate(buffer[..read]);
        return read == buffer.Length || _held.AsSpan().SequenceEqual(TailedStream.EndMark) ? read : throw CutShort();
    }

    /// <summary>Of the held bytes and these the last ones are held; the others are now in the buffer.</summary>
    private void Rotate(Span<byte> fresh)
    {
        Span<byte> both = stackalloc byte[2 * TailedStream.EndMark.Length];
        int held = _held.Length, tail = Math.Min(fresh.Length, held);
        _held.CopyTo(both);
        fresh[^tail..].CopyTo(both[held..]);
        fresh[..^tail].CopyTo(fresh[tail..]);
        both[..tail].CopyTo(fresh);
        both.Slice(tail, held).CopyTo(_held);
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return _gzip.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw _refuse($"no intact gzip data after {Offset} inflated bytes", e);
        }
    }

    private DatasetException CutShort() => _refuse("its gzip data is cut short, or something else follows it", null);
}
