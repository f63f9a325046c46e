using Parquet;
using Parquet.Schema;

namespace ReSTE.Native.Images.Tests.Shards;

/// <summary>A Parquet file of drawn images, with columns of labels of a name and type.</summary>
internal static class DrawnShard
{
    /// <summary>As many images as there are labels, in row groups of a size, for each column of labels.</summary>
    public static byte[] File<T>(T[] labels, int group = int.MaxValue, string? metadata = null, byte[]? image = null,
        CompressionMethod codec = CompressionMethod.Snappy, params string[] columns) where T : struct =>
        Whole(labels, group, metadata, image, codec, columns).GetAwaiter().GetResult();

    private static async Task<byte[]> Whole<T>(
        T[] labels, int group, string? metadata, byte[]? image, CompressionMethod codec, string[] columns) where T : struct
    {
        var images = new DataField("image", typeof(byte[]));
        DataField[] fields = [.. (columns.Length > 0 ? columns : ["label"]).Select(name => new DataField(name, typeof(T), false))];
        var stream = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(
            new ParquetSchema([images, .. fields]), stream, new ParquetOptions { CompressionMethod = codec }))
        {
            if (metadata is not null)
                writer.CustomMetadata = new Dictionary<string, string> { ["huggingface"] = metadata };
            foreach (T[] part in labels.Chunk(group))
            {
                using var rows = writer.CreateRowGroup();
                await rows.WriteAsync(images, [.. part.Select((_, i) => image ?? Drawn.File(i, 32, 32))]);
                // Of two columns the second has the labels backwards.
                foreach (DataField field in fields)
                    await rows.WriteAsync<T>(field, field == fields[0] ? part : [.. part.Reverse()]);
            }
        }
        return stream.ToArray();
    }
}
