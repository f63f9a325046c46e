using System.Buffers.Binary;

namespace ReSTE.Native.Images.Shards;

/// <summary>
/// Walks a Parquet file's footer (Thrift's compact protocol) before the library reads it, which reads on for ever past the end of one that
/// is cut short, and sets memory aside for whatever length it finds.
/// </summary>
internal sealed class FooterCheck
{
    private const int Magic = 4, Most = 1 << 30, Deepest = 32;
    private const int Byte = 3, Short = 4, Long = 6, Double = 7, Binary = 8, List = 9, Set = 10, Struct = 12;

    private readonly byte[] _footer;
    private int _at;

    private FooterCheck(byte[] footer) => _footer = footer;

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
        var footer = new byte[length];
        file.Seek(-2 * Magic - length, SeekOrigin.End);
        file.ReadExactly(footer);
        new FooterCheck(footer).ReadStruct(0);
    }

    private static InvalidDataException NotWhole() => new("its footer is not whole");

    private void ReadStruct(int depth)
    {
        if (depth > Deepest)
            throw NotWhole();
        while (Next() is not 0 and var header)
        {
            if (header >> 4 == 0)
                ReadNumber();
            // A field that is true or false has no more than its header.
            if ((header & 15) is > 2 and var type)
                ReadValue(type, depth);
        }
    }

    private void ReadValue(int type, int depth)
    {
        if (type is >= 1 and <= Byte)
            Skip(1);
        else if (type is >= Short and <= Long)
            ReadNumber();
        else if (type == Double)
            Skip(sizeof(double));
        else if (type == Binary)
            Skip(ReadNumber());
        else if (type is List or Set)
            ReadList(depth);
        else if (type == Struct)
            ReadStruct(depth + 1);
        else
            throw NotWhole();
    }

    private void ReadList(int depth)
    {
        int header = Next();
        ulong count = header >> 4 == 15 ? ReadNumber() : (ulong)(header >> 4);
        if (depth > Deepest || count > (ulong)(_footer.Length - _at))
            throw NotWhole();
        for (ulong i = 0; i < count; i++)
            ReadValue(header & 15, depth + 1);
    }

    private ulong ReadNumber()
    {
        ulong number = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = Next();
            number |= (ulong)(next & 127) << shift;
            if (next < 128)
                return number;
        }
        throw NotWhole();
    }

    private void Skip(ulong bytes)
    {
        if (bytes > (ulong)(_footer.Length - _at))
            throw NotWhole();
        _at += (int)bytes;
    }

    private int Next() => _at < _footer.Length ? _footer[_at++] : throw NotWhole();
}
