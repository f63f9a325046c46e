using System.Buffers.Binary;
using System.IO.Compression;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Archives;

/// <summary>What a gzip file inflates to, read once and in order, and never more of it than <paramref name="most"/> bytes.</summary>
/// <param name="file">The compressed file, from its start.</param>
/// <param name="most">Bytes after which reading stops with a refusal.</param>
/// <param name="refuse">Makes the error of what is wrong with the file.</param>
internal sealed class InflatedFile(Stream file, long most, Func<string, Exception?, DatasetException> refuse) : IDisposable
{
    // A header of ten bytes, an empty block of two, a checksum and a size.
    private const int SmallestFile = 20, SizeBytes = 4;

    private readonly uint _statedSize = StatedSize(file, refuse);
    private readonly GZipStream _gzip = new(new TailedStream(file), CompressionMode.Decompress);

    /// <summary>How many bytes came out so far.</summary>
    public long Offset { get; private set; }

    /// <summary>Fills the buffer and returns how much of it; less than the whole only where the file ends.</summary>
    public int Read(Span<byte> buffer)
    {
        try
        {
            int read = _gzip.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            Offset += read;
            return Offset <= most ? read : throw refuse($"it inflates to more than {most} bytes, far more than it should hold", null);
        }
        catch (InvalidDataException e)
        {
            throw refuse($"no intact gzip data after {Offset} inflated bytes", e);
        }
    }

    /// <summary>Reads what is left, which checks its sum, and compares how much it all was with what the file says of itself.</summary>
    public void ReadToEnd(Span<byte> scratch)
    {
        while (Read(scratch) == scratch.Length)
        {
        }

        // A file that is cut short may just end, without an error of the inflater's.
        if ((uint)Offset != _statedSize)
            throw refuse($"it inflates to {Offset} bytes where its end says {_statedSize}: it is cut short, or more follows it", null);
    }

    public void Dispose() => _gzip.Dispose();

    private static uint StatedSize(Stream file, Func<string, Exception?, DatasetException> refuse)
    {
        if (file.Length == 0)
            throw refuse("the file is empty", null);
        Span<byte> bytes = stackalloc byte[SizeBytes];
        int read = file.ReadAtLeast(bytes, 2, throwOnEndOfStream: false);
        if (read < 2 || bytes[0] != 0x1f || bytes[1] != 0x8b)
            throw refuse("it is no gzip file", null);
        if (file.Length < SmallestFile)
            throw refuse("it is cut short", null);
        file.Seek(-SizeBytes, SeekOrigin.End);
        file.ReadExactly(bytes);
        file.Seek(0, SeekOrigin.Begin);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
