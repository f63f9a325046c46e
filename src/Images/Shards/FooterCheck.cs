using System.Buffers.Binary;

namespace ReSTE.Native.Images.Shards;

/// <summary>
/// Walks a Parquet file's footer before the library reads it, which sets memory aside for whatever length it finds there.
/// </summary>
internal static class FooterCheck
{
    /// <summary>Bytes of the word that a file begins and ends with.</summary>
    public const int Magic = 4;

    private const int Most = 1 << 30;

    /// <summary>Checks the footer of a file.</summary>
    /// <exception cref="InvalidDataException">It is not whole.</exception>
    public static void Check(Stream file)
    {
        var tail = new byte[sizeof(int)];
        if (file.Length < 3 * Magic)
            throw new InvalidDataException("it is too short");
        file.Seek(-2 * Magic, SeekOrigin.End);
        file.ReadExactly(tail);
        int length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length < 1 || length > Math.Min(Most, file.Length - 3 * Magic))
            throw new InvalidDataException("its footer has no length");
        file.Seek(-2 * Magic - length, SeekOrigin.End);
        new ThriftReader(file, file.Length - 2 * Magic, "its footer").SkipField(ThriftReader.Struct);
    }
}
