using System.Numerics;
using System.Text.Json;
using Parquet;
using Parquet.Schema;
using ReSTE.Native.Datasets;
using ReSTE.Native.Files;
using ReSTE.Native.Images.Folders;

namespace ReSTE.Native.Images.Shards;

/// <summary>
/// One Parquet file of images as Hugging Face lays them out: a column of records `image` or `img` with the encoded `bytes`, and a column of
/// labels. It is read by row groups, by one thread at a time.
/// </summary>
internal sealed class ShardFile : IDisposable
{
    private const string BytesName = "bytes";

    // Of a row group: more than any writer of images makes.
    private const int MostRows = 100_000_000;

    private static readonly string[] s_imageNames = ["image", "img"];

    private readonly object _gate = new();
    private readonly ShardStream _stream;
    private readonly ParquetReader _reader;
    private readonly DataField _image;

    private ShardFile(string path, ShardStream stream, ParquetReader reader, IReadOnlyList<string> labelNames)
    {
        (Path, Length, _stream, _reader) = (path, stream.Length, stream, reader);
        var fields = reader.Schema.DataFields;
        _image = fields.FirstOrDefault(field => s_imageNames.Contains(field.Path.FirstPart) && IsBytes(field)) ?? throw Without(
            $"{string.Join(" or ", s_imageNames.Select(name => $"{name}.{BytesName}"))} (an image as a file holds it)");
        Label = labelNames.Select(name => fields.FirstOrDefault(field => field.Path.Length == 1 && field.Name == name))
            .FirstOrDefault(field => field is not null) ?? throw Without($"{string.Join(" or ", labelNames)} (a class's number)");

        DatasetException Without(string column) => FolderTrouble.Of(DatasetFault.OtherForm, path,
            $"it has no column {column}, but {string.Join(", ", fields.Select(field => string.Join('.', field.Path.ToList())))}");
    }

    public string Path { get; }

    /// <summary>Its size in bytes; of a link, the size of the file that it leads to.</summary>
    public long Length { get; }

    /// <summary>The label's column.</summary>
    public DataField Label { get; }

    /// <summary>Row groups.</summary>
    public int Groups => _reader.RowGroupCount;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="labelNames">What the column of labels may be called, the preferred one first.</param>
    /// <exception cref="DatasetException">It cannot be read, is no Parquet file, cut short, or without the columns.</exception>
    public static ShardFile Open(string path, IReadOnlyList<string> labelNames)
    {
        var stream = new ShardStream(FolderTrouble.Explained(path, () => RegularFile.OpenRead(path)));
        try
        {
            return ShardTrouble.Explained(path, () =>
            {
                FooterCheck.Check(stream);
                return new ShardFile(path, stream, ParquetReader.CreateAsync(stream, leaveStreamOpen: false).Result, labelNames);
            });
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Opens several files; where one cannot be opened, none stays open.</summary>
    public static ShardFile[] OpenAll(IReadOnlyList<string> paths, IReadOnlyList<string> labelNames)
    {
        var opened = new List<ShardFile>();
        try
        {
            foreach (string path in paths)
                opened.Add(Open(path, labelNames));
            return [.. opened];
        }
        catch
        {
            opened.ForEach(file => file.Dispose());
            throw;
        }
    }

    /// <summary>The labels of a row group; -1 where there is none, the nearest whole number of 32 bits for one that has more.</summary>
    public int[] ReadLabels(int group) => Read(group, Label, (rows, count) => Type.GetTypeCode(Label.ClrType) switch
    {
        TypeCode.Int64 => Numbers<long>(rows, count),
        TypeCode.Int32 => Numbers<int>(rows, count),
        TypeCode.Int16 => Numbers<short>(rows, count),
        TypeCode.SByte => Numbers<sbyte>(rows, count),
        TypeCode.UInt64 => Numbers<ulong>(rows, count),
        TypeCode.UInt32 => Numbers<uint>(rows, count),
        TypeCode.UInt16 => Numbers<ushort>(rows, count),
        TypeCode.Byte => Numbers<byte>(rows, count),
        _ => throw FolderTrouble.Of(DatasetFault.OtherForm, Path, $"its column {Label.Name} holds no whole numbers"),
    });

    /// <summary>The encoded images of a row group; an image that is not there has no bytes.</summary>
    public byte[][] ReadImages(int group) => Read(group, _image, (rows, count) =>
    {
        var (values, isThere) = Column<ReadOnlyMemory<byte>>(rows, _image, count);
        // An image that stands once in the file for many rows stands once in memory too.
        var images = new Dictionary<ReadOnlyMemory<byte>, byte[]>();
        int next = 0;
        return isThere.Select(there => there ? ImageOf(values[next++]) : []).ToArray();

        byte[] ImageOf(ReadOnlyMemory<byte> value) =>
            images.TryGetValue(value, out byte[]? image) ? image : images[value] = value.ToArray();
    });

    /// <summary>How many classes the file says there are; null where it does not.</summary>
    public int? Classes()
    {
        if (!_reader.CustomMetadata.TryGetValue("huggingface", out string? text))
            return null;
        try
        {
            using var json = JsonDocument.Parse(text);
            JsonElement label = json.RootElement.GetProperty("info").GetProperty("features").GetProperty(Label.Name);
            return label.GetProperty("names").GetArrayLength();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.DisposeAsync().AsTask().Wait();

    private static bool IsBytes(DataField field) => (field.ClrType == typeof(ReadOnlyMemory<byte>) || field.ClrType == typeof(byte[]))
        && (field.Path.Length == 1 || field.Path.Length == 2 && field.Path[1] == BytesName);

    private int[] Numbers<T>(ParquetRowGroupReader rows, int count) where T : struct, INumber<T>
    {
        var (values, isThere) = Column<T>(rows, Label, count);
        int next = 0;
        return [.. isThere.Select(there => there ? int.CreateSaturating(values[next++]) : -1)];
    }

    /// <summary>
    /// The values of a column one after another, and the rows that have one. A row without an image's bytes may have an image all the same,
    /// one that is only named: the library's own reading into arrays takes whatever its buffer held before for those bytes.
    /// </summary>
    private static (T[] Values, bool[] IsThere) Column<T>(ParquetRowGroupReader rows, DataField field, int count) where T : struct
    {
        var (values, levels) = (new T[count], new int[count]);
        Memory<int>? wanted = null;
        if (field.MaxDefinitionLevel > 0)
            wanted = levels;
        rows.ReadRawAsync<T>(field, values, wanted, null).AsTask().Wait();
        return (values, [.. levels.Select(level => level == field.MaxDefinitionLevel)]);
    }

    private T Read<T>(int group, DataField field, Func<ParquetRowGroupReader, int, T> read)
    {
        lock (_gate)
        {
            return ShardTrouble.Explained(Path, () =>
            {
                using ParquetRowGroupReader rows = _reader.OpenRowGroupReader(group);
                // Every image takes more than a byte: memory is set aside for no more of them than there can be.
                if (rows.RowCount < 0 || rows.RowCount > Math.Min(Length, MostRows))
                    throw new InvalidDataException(FormattableString.Invariant($"row group {group} claims {rows.RowCount} rows"));
                string where = FormattableString.Invariant($"row group {group}, column {string.Join('.', field.Path.ToList())}");
                _stream.End = Length;
                _stream.End = new PageCheck(_stream, rows, field, where).Check();
                return read(rows, (int)rows.RowCount);
            });
        }
    }
}
