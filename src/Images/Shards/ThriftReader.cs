namespace ReSTE.Native.Images.Shards;

/// <summary>Reads Thrift's compact protocol out of a file, from where it stands and no further than a place in it.</summary>
/// <param name="file">The file, at the first byte.</param>
/// <param name="end">The byte after the last one.</param>
/// <param name="what">What is read, for the refusal.</param>
internal sealed class ThriftReader(Stream file, long end, string what)
{
    public const int True = 1, False = 2, Byte = 3, Short = 4, Int = 5, Long = 6, Double = 7, Binary = 8, List = 9, Set = 10, Struct = 12;

    private const int Deepest = 32;

    private long _left = end - file.Position;

    /// <summary>Refuses what is read.</summary>
    public InvalidDataException NotWhole() => new($"{what} is not whole");

    /// <summary>The next field of a structure, by its number and type; false where the structure ends.</summary>
    public bool TryField(ref short field, out int type)
    {
        int header = Next();
        type = header & 15;
        if (header != 0)
            field = (short)(header >> 4 == 0 ? ReadInt() : field + (header >> 4));
        return header != 0;
    }

    /// <summary>A number of 16 or 32 bits with its sign.</summary>
    public int ReadInt()
    {
        ulong number = ReadNumber();
        return number <= uint.MaxValue ? (int)(number >> 1) ^ -(int)(number & 1) : throw NotWhole();
    }

    /// <summary>A number without a sign, seven bits a byte.</summary>
    public ulong ReadNumber()
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

    /// <summary>Passes over a field's value.</summary>
    public void SkipField(int type, int depth = 0)
    {
        // A field that is true or false has no more than its header.
        if (type is not True and not False)
            Skip(type, depth);
    }

    private void Skip(int type, int depth)
    {
        if (type is >= True and <= Byte)
            Skip(1);
        else if (type is >= Short and <= Long)
            ReadNumber();
        else if (type == Double)
            Skip(sizeof(double));
        else if (type == Binary)
            Skip(ReadNumber());
        else if (type is List or Set && depth < Deepest)
            SkipList(depth + 1);
        else if (type == Struct && depth < Deepest)
            SkipStruct(depth + 1);
        else
            throw NotWhole();
    }

    private void SkipStruct(int depth)
    {
        for (short field = 0; TryField(ref field, out int type);)
            SkipField(type, depth);
    }

    private void SkipList(int depth)
    {
        int header = Next();
        ulong count = header >> 4 == 15 ? ReadNumber() : (ulong)(header >> 4);
        if (count > (ulong)_left)
            throw NotWhole();
        for (ulong i = 0; i < count; i++)
            Skip(header & 15, depth);
    }

    private void Skip(ulong bytes)
    {
        if (bytes > (ulong)_left)
            throw NotWhole();
        _left -= (long)bytes;
        file.Seek((long)bytes, SeekOrigin.Current);
    }

    private int Next()
    {
        if (_left <= 0)
            throw NotWhole();
        _left--;
        return file.ReadByte() is >= 0 and var next ? next : throw NotWhole();
    }
}
