using System.IO.Compression;

namespace ReSTE.Native.Packed;

/// <summary>Text in zlib's form (RFC 1950): a header says the same words for every layer.</summary>
internal static class Compressed
{
    // Longer than the header of any network of a thousand classes, and short enough to be held at once.
    private const int MostBytes = 1 << 22;

    /// <summary>Compresses.</summary>
    public static byte[] Of(ReadOnlySpan<byte> text)
    {
        using var to = new MemoryStream();
        using (var zlib = new ZLibStream(to, CompressionLevel.SmallestSize, leaveOpen: true))
            zlib.Write(text);
        return to.ToArray();
    }

    /// <summary>Reads it again.</summary>
    /// <exception cref="PackedException">It is no such text, or longer than any header.</exception>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> compressed)
    {
        try
        {
            return ReadWhole(compressed);
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException)
        {
            throw new PackedException("has a header that is no compressed text", problem);
        }
    }

    private static byte[] ReadWhole(ReadOnlyMemory<byte> compressed)
    {
        using var zlib = new ZLibStream(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress);
        var text = new MemoryStream();
        var piece = new byte[1 << 12];
        for (int read; (read = zlib.Read(piece)) > 0;)
        {
            text.Write(piece, 0, read);
            if (text.Length > MostBytes)
                throw new PackedException($"has a header of more than {MostBytes} bytes");
        }

        return text.ToArray();
    }
}
