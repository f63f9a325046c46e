using Parquet.Meta;

namespace ReSTE.Native.Images.Shards;

/// <summary>
/// How many bytes a page's packed bytes themselves say that they make: for Snappy and Zstandard the library believes them and not the
/// page's header.
/// </summary>
internal static class PackedSize
{
    private const uint ZstandardMagic = 0xFD2FB528;
    private const int LargestBlock = 128 << 10, RunBlock = 1;

    /// <summary>Bytes that are said; null where nothing is.</summary>
    /// <param name="codec">How they are packed.</param>
    /// <param name="file">The file, at the first packed byte.</param>
    /// <param name="end">The byte after the last one.</param>
    /// <param name="page">The page, for the refusal.</param>
    /// <exception cref="InvalidDataException">What they say is not whole.</exception>
    public static long? Of(CompressionCodec codec, Stream file, long end, string page)
    {
        if (file.Position == end)
            return null;
        return codec switch
        {
            CompressionCodec.SNAPPY => (long)Math.Min(long.MaxValue, new ThriftReader(file, end, page).ReadNumber()),
            CompressionCodec.ZSTD => Zstandard(file, end, page),
            _ => null,
        };
    }

    /// <summary>
    /// Walks a frame of RFC 8878: its header may say its size, or else each of its blocks can make as much as a block may. Nothing may
    /// follow it, for that would be counted too.
    /// </summary>
    private static long Zstandard(Stream file, long end, string page)
    {
        if (Number(4) != ZstandardMagic)
            throw NotWhole();
        int descriptor = (int)Number(1);
        bool hasWindow = (descriptor & 32) == 0, hasSum = (descriptor & 4) != 0;
        // The window's size and the dictionary's number are not wanted.
        Number((hasWindow ? 1 : 0) + (1 << (descriptor & 3) >> 1));
        int sizeBytes = (descriptor >> 6) switch { 0 => hasWindow ? 0 : 1, 1 => 2, 2 => 4, _ => 8 };
        ulong size = Number(sizeBytes) + (sizeBytes == 2 ? 256u : 0);
        long blocks = 0;
        for (bool isLast = false; !isLast; blocks++)
        {
            var header = (int)Number(3);
            isLast = (header & 1) != 0;
            file.Position += (header >> 1 & 3) == RunBlock ? 1 : header >> 3;
        }
        if (file.Position + (hasSum ? 4 : 0) != end)
            throw NotWhole();
        return sizeBytes > 0 ? (long)Math.Min(long.MaxValue, size) : blocks * LargestBlock;

        ulong Number(int bytes)
        {
            ulong number = 0;
            for (int i = 0; i < bytes; i++)
                number |= file.Position < end ? (ulong)file.ReadByte() << 8 * i : throw NotWhole();
            return number;
        }

        InvalidDataException NotWhole() => new($"{page} holds no whole Zstandard frame");
    }
}
