namespace ReSTE.Native.Images.Shards;

/// <summary>What the header of a Parquet page claims.</summary>
/// <param name="Kind">A page of values in either form, or a dictionary; others are no pages of values.</param>
/// <param name="Plain">Bytes once they are unpacked.</param>
/// <param name="Packed">Bytes in the file.</param>
/// <param name="Values">Values, those that are not there among them.</param>
/// <param name="Nulls">Values that are not there, where the header says.</param>
/// <param name="LevelBytes">Bytes before the packed ones which tell what is there, in the second form.</param>
/// <param name="IsPacked">Whether the values are packed.</param>
internal sealed record PageClaims(int Kind, int Plain, int Packed, int Values, int Nulls, int LevelBytes, bool IsPacked)
{
    public const int Data = 0, Dictionary = 2, SecondForm = 3;

    private const int Header = 0, DataPart = 5, IndexPart = 6, DictionaryPart = 7, SecondPart = 8, Statistics = 9, Int = ThriftReader.Int;

    // The types of each structure's fields, by the format's specification (parquet.thrift).
    private static readonly Dictionary<int, int[]> s_types = new()
    {
        [Header] = [Int, Int, Int, Int, ThriftReader.Struct, ThriftReader.Struct, ThriftReader.Struct, ThriftReader.Struct],
        [DataPart] = [Int, Int, Int, Int, ThriftReader.Struct],
        [IndexPart] = [],
        [DictionaryPart] = [Int, Int, ThriftReader.True],
        [SecondPart] = [Int, Int, Int, Int, Int, Int, ThriftReader.True, ThriftReader.Struct],
        [Statistics] = [ThriftReader.Binary, ThriftReader.Binary, ThriftReader.Long, ThriftReader.Long, ThriftReader.Binary,
            ThriftReader.Binary, ThriftReader.True, ThriftReader.True],
    };

    /// <summary>Reads a header.</summary>
    /// <exception cref="InvalidDataException">It is not whole, or not in the form of the specification.</exception>
    public static PageClaims Read(ThriftReader reader)
    {
        var found = new Dictionary<(int Part, int Field), int>();
        Read(reader, Header, found);
        int kind = Number(Header, 1);
        int part = kind switch
        {
            Data => DataPart,
            Dictionary => DictionaryPart,
            SecondForm => SecondPart,
            _ => throw reader.NotWhole(),
        };
        bool second = part == SecondPart;
        return new PageClaims(kind, Number(Header, 2), Number(Header, 3), Number(part, 1), second ? Number(part, 2) : 0,
            second ? Number(part, 5) : 0, !second || found.GetValueOrDefault((part, 7), 1) == 1);

        int Number(int of, int field) => found.TryGetValue((of, field), out int number) ? number : throw reader.NotWhole();
    }

    /// <summary>
    /// Reads a structure strictly: the library takes a field for what the specification says, whatever type it is said to be of, and
    /// would so find other numbers than were looked at here.
    /// </summary>
    private static void Read(ThriftReader reader, int part, Dictionary<(int Part, int Field), int> found)
    {
        int[] types = s_types[part];
        for (short field = 0; reader.TryField(ref field, out int type);)
        {
            bool isKnown = field >= 1 && field <= types.Length;
            if (isKnown ? types[field - 1] != (type == ThriftReader.False ? ThriftReader.True : type) : type > ThriftReader.Binary)
                throw reader.NotWhole();
            if (isKnown && type == ThriftReader.Struct)
                Read(reader, part == Header ? field : Statistics, found);
            else if (isKnown && type == Int)
                found[(part, field)] = reader.ReadInt();
            else
                reader.SkipField(type);
            if (isKnown && type is ThriftReader.True or ThriftReader.False)
                found[(part, field)] = type;
        }
    }
}
