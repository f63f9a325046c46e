using System.Globalization;
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

    private static readonly string[] s_imageNames = ["image", "img"];

    private readonly object _gate = new();
    private readonly ParquetReader _reader;
    private readonly DataField _image;

    private ShardFile(string path, ParquetReader reader, IReadOnlyList<string> labelNames)
    {
        (Path, _reader) = (path, reader);
        var fields = reader.Schema.DataFields;
        _image = fields.FirstOrDefault(field => s_imageNames.Contains(field.Path.FirstPart) && IsBytes(field)) ?? throw Without(
            $"{string.Join(" or ", s_imageNames.Select(name => $"{name}.{BytesName}"))} (an image as a file holds it)");
        Label = fields.FirstOrDefault(field => field.Path.Length == 1 && labelNames.Contains(field.Name)) ?? throw Without(
            $"{string.Join(" or ", labelNames)} (a class's number)");

        DatasetException Without(string column) => FolderTrouble.Of(DatasetFault.OtherForm, path,
            $"it has no column {column}, but {string.Join(", ", fields.Select(field => string.Join('.', field.Path.ToList())))}");
    }

    public string Path { get; }

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
        Stream stream = FolderTrouble.Explained(path, () => RegularFile.OpenRead(path));
        try
        {
            return Explained(path, () => new ShardFile(path, ParquetReader.CreateAsync(stream, leaveStreamOpen: false).Result, labelNames));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The labels of a row group.</summary>
    public int[] ReadLabels(int group) => Read(group, (rows, count) =>
    {
        long[] labels = Label.ClrType == typeof(long) ? Numbers<long>(rows, count)
            : Label.ClrType == typeof(int) ? [.. Numbers<int>(rows, count)]
            : Label.ClrType == typeof(short) ? [.. Numbers<short>(rows, count)]
            : Label.ClrType == typeof(sbyte) ? [.. Numbers<sbyte>(rows, count)]
            : Label.ClrType == typeof(byte) ? [.. Numbers<byte>(rows, count)]
            : throw FolderTrouble.Of(DatasetFault.OtherForm, Path, $"its column {Label.Name} holds no whole numbers");
        return labels.Select(label => (int)Math.Clamp(label, int.MinValue, int.MaxValue)).ToArray();
    });

    /// <summary>The encoded images of a row group; an image that is not there has no bytes.</summary>
    public byte[][] ReadImages(int group) => Read(group, (rows, count) =>
    {
        var images = new byte[]?[count];
        rows.ReadAsync(_image, images.AsMemory()).AsTask().Wait();
        return images.Select(image => image ?? []).ToArray();
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

    private long[] Numbers<T>(ParquetRowGroupReader rows, int count) where T : struct, IConvertible
    {
        var values = new T?[count];
        if (Label.IsNullable)
        {
            rows.ReadAsync<T>(Label, values.AsMemory()).AsTask().Wait();
        }
        else
        {
            var plain = new T[count];
            rows.ReadAsync<T>(Label, plain.AsMemory()).AsTask().Wait();
            values = [.. plain.Select(value => (T?)value)];
        }
        return [.. values.Select(value => value is { } label ? label.ToInt64(CultureInfo.InvariantCulture) : -1)];
    }

    private T Read<T>(int group, Func<ParquetRowGroupReader, int, T> read)
    {
        lock (_gate)
        {
            return Explained(Path, () =>
            {
                using ParquetRowGroupReader rows = _reader.OpenRowGroupReader(group);
                return read(rows, checked((int)rows.RowCount));
            });
        }
    }

    /// <summary>Whatever the reader throws means that the file is not what it should be.</summary>
    private static T Explained<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem.GetBaseException() is var cause and not DatasetException)
        {
            throw FolderTrouble.Of(DatasetFault.Damaged, path,
                $"it is no whole Parquet file ({cause.Message}): cut short or damaged; get it again", problem);
        }
        catch (AggregateException problem) when (problem.GetBaseException() is DatasetException refusal)
        {
            throw refusal;
        }
    }
}
