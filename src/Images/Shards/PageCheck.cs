using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace ReSTE.Native.Images.Shards;

/// <summary>
/// Reads the headers of a column's pages before the library does, which sets memory aside for whatever sizes and counts they claim. A page
/// may claim no more than its packed bytes can make.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="group">The row group.</param>
/// <param name="field">The _column.</param>
/// <param name="where">What the refusal begins with.</param>
internal sealed class PageCheck(Stream file, ParquetRowGroupReader group, DataField field, string where)
{
    // Of any page, however few bytes it is packed in: what writers aim at; and beside that of every value, a number and two levels.
    private const long Usual = 1 << 20, OfValue = 16;

    private readonly ColumnMetaData _column =
        group.GetMetadata(field)?.MetaData ?? throw new InvalidDataException($"{where} is not there");

    /// <summary>Checks every page that the rows need, and returns where the last of them ends.</summary>
    /// <exception cref="InvalidDataException">A page claims what cannot be.</exception>
    public long Check()
    {
        long rows = group.RowCount, size = _column.TotalCompressedSize, at = Start();
        if (_column.NumValues != rows)
            throw Refused($"claims {_column.NumValues} values for {rows} rows");
        if (at < FooterCheck.Magic || size < 0 || size > file.Length - 2 * FooterCheck.Magic - at)
            throw Refused($"claims {size} bytes from byte {at} on, which are not in the file");
        long end = at + size, values = 0;
        while (values < rows)
        {
            if (at == end)
                throw Refused($"has {values} values for {rows} rows");
            PageClaims header = CheckPage(ref at, end, rows - values);
            values += header.Kind == PageClaims.Dictionary ? 0 : header.Values;
        }
        return at;
    }

    /// <summary>Where the library begins to read: writers do not agree on what the first page is called.</summary>
    private long Start() => new[] { _column.DictionaryPageOffset ?? 0, _column.DataPageOffset, _column.IndexPageOffset ?? 0 }
        .Where(offset => offset != 0).DefaultIfEmpty().Min();

    private PageClaims CheckPage(ref long at, long end, long rows)
    {
        file.Position = at;
        string page = FormattableString.Invariant($"{where}: the page at byte {at}");
        PageClaims header = PageClaims.Read(new ThriftReader(file, end, page));
        long content = file.Position, room = Room(header);
        // A value of a dictionary takes a byte at least; pages without values could go on for ever.
        var (least, most) = header.Kind == PageClaims.Dictionary ? (0, header.Plain) : (1, rows);
        Bound(page, "packed bytes", header.Packed, 0, end - content);
        Bound(page, "bytes", header.Plain, 0, room);
        Bound(page, "values", header.Values, least, most);
        Bound(page, "values that are not there", header.Nulls, 0, header.Values);
        Bound(page, "bytes of levels", header.LevelBytes, 0, header.Packed);
        at = content + header.Packed;
        // The library looks for levels where values may be absent.
        file.Position = content + (field.MaxDefinitionLevel > 0 ? header.LevelBytes : 0);
        if (header.IsPacked && PackedSize.Of(_column.Codec, file, at, page) is { } unpacked)
            Bound(page, "unpacked bytes", unpacked, 0, room);
        return header;
    }

    /// <summary>The most bytes that a page can have once it is unpacked, by what its codec can make of a byte at the most.</summary>
    private long Room(PageClaims header) => _column.Codec switch
    {
        CompressionCodec.UNCOMPRESSED => header.Packed,
        CompressionCodec.SNAPPY => Room(header, 22),
        CompressionCodec.LZ4 or CompressionCodec.LZ4_RAW => Room(header, 255),
        // Deflate's most. Brotli and Zstandard can make more of runs of one byte, which images are not.
        _ => Room(header, 1032),
    };

    private static long Room(PageClaims header, int ofByte) =>
        Usual + OfValue * Math.Max(0, header.Values) + (long)ofByte * header.Packed;

    private static void Bound(string page, string what, long claimed, long least, long most)
    {
        if (claimed < least || claimed > most)
            throw new InvalidDataException(FormattableString.Invariant($"{page} claims {claimed} {what}, not {least} to {most}"));
    }

    private InvalidDataException Refused(FormattableString what) => new($"{where} {FormattableString.Invariant(what)}");
}
