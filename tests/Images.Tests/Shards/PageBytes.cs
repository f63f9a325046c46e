using Parquet;
using ReSTE.Native.Images.Shards;

namespace ReSTE.Native.Images.Tests.Shards;

/// <summary>The first page of a column in the first row group of a Parquet file, whose header can be written anew.</summary>
internal sealed class PageBytes
{
    private readonly byte[] _file;
    private readonly int _start, _content, _end;

    public PageBytes(byte[] file, int column)
    {
        _file = [.. file];
        using var stream = new MemoryStream(file);
        var chunk = ParquetReader.CreateAsync(stream).Result.Metadata!.RowGroups[0].Columns[column].MetaData!;
        stream.Position = _start = (int)Math.Min(chunk.DataPageOffset, chunk.DictionaryPageOffset ?? long.MaxValue);
        Header = PageClaims.Read(new ThriftReader(stream, file.Length, "a page"));
        _end = (_content = (int)stream.Position) + Header.Packed;
    }

    /// <summary>What it says as it was written.</summary>
    public PageClaims Header { get; }

    /// <summary>
    /// The file with another header of any length, the page's packed bytes cut so that nothing else moves: without a number of packed bytes
    /// of its own, the header says how many are left.
    /// </summary>
    public byte[] With(PageClaims header, int? packed = null, byte[]? extra = null)
    {
        byte[] bytes = [];
        // Its length is part of what it says.
        for (int i = 0; i < 3; i++)
            bytes = [.. Written(header with { Packed = packed ?? _end - _start - bytes.Length }, extra ?? [])];
        bytes.CopyTo(_file, _start);
        return _file;
    }

    /// <summary>The file with other packed bytes at the page's beginning.</summary>
    public byte[] WithContent(params byte[] content)
    {
        content.CopyTo(_file, _content);
        return _file;
    }

    private static IEnumerable<byte> Written(PageClaims header, byte[] extra) =>
    [
        0x15, .. Number(header.Kind), 0x15, .. Number(header.Plain), 0x15, .. Number(header.Packed), .. extra,
        .. header.Kind switch
        {
            PageClaims.Dictionary => (byte[])[0x4C, 0x15, .. Number(header.Values), 0x15, .. Number(0), 0],
            // Values, nulls, rows, encoding, bytes of levels of both kinds.
            PageClaims.SecondForm => [0x5C, 0x15, .. Number(header.Values), 0x15, .. Number(header.Nulls), 0x15, .. Number(header.Values),
                0x15, .. Number(0), 0x15, .. Number(header.LevelBytes), 0x15, .. Number(0), 0],
            _ => [0x2C, 0x15, .. Number(header.Values), 0x15, .. Number(0), 0x15, .. Number(3), 0x15, .. Number(3), 0],
        },
        0,
    ];

    private static IEnumerable<byte> Number(int value)
    {
        uint rest = (uint)(value << 1) ^ (uint)(value >> 31);
        for (; rest > 127; rest >>= 7)
            yield return (byte)(rest | 128);
        yield return (byte)rest;
    }
}
