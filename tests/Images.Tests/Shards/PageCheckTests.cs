using Parquet;
using Parquet.Meta;
using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Shards;

namespace ReSTE.Native.Images.Tests.Shards;

/// <summary>
/// Headers of pages that claim what cannot be, in files that DuckDB wrote: each is refused before memory is set aside for it.
/// </summary>
public sealed class PageCheckTests : IDisposable
{
    private const int Images = 0, Rows = 3;

    // The library's own little; a header that is believed takes gigabytes.
    private const long MostBytes = 8 << 20;

    private static readonly byte[] s_whole = File.ReadAllBytes(Path.Combine(
        AppContext.BaseDirectory, "reference-data", "parquet", "photographs", "data", "validation-00000-of-00001.parquet"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(int.MaxValue, "claims 2147483647 bytes, not 0 to ")]
    [InlineData(-1, "claims -1 bytes, not 0 to ")]
    [InlineData(int.MinValue, "claims -2147483648 bytes, not 0 to ")]
    public void A_page_of_more_bytes_than_it_can_have_is_refused(int plain, string says)
    {
        var page = new PageBytes(s_whole, Images);
        Refused(page.With(page.Header with { Plain = plain }), says);
    }

    // With a negative size a page would be its own successor for ever.
    [Theory]
    [InlineData(int.MaxValue, "claims 2147483647 packed bytes, not 0 to ")]
    [InlineData(-20, "claims -20 packed bytes, not 0 to ")]
    public void A_page_that_reaches_outside_its_column_is_refused(int packed, string says)
    {
        var page = new PageBytes(s_whole, Images);
        Refused(page.With(page.Header, packed), says);
    }

    [Theory]
    [InlineData(PageClaims.Data, int.MaxValue, "claims 2147483647 values, not 1 to 3")]
    [InlineData(PageClaims.Data, Rows + 1, "claims 4 values, not 1 to 3")]
    [InlineData(PageClaims.Data, 0, "claims 0 values, not 1 to 3")]
    [InlineData(PageClaims.Data, -1, "claims -1 values, not 1 to 3")]
    [InlineData(PageClaims.Data, Rows - 1, "has 2 values for 3 rows")]
    [InlineData(PageClaims.SecondForm, int.MaxValue, "claims 2147483647 values, not 1 to 3")]
    [InlineData(PageClaims.Dictionary, int.MaxValue, "claims 2147483647 values, not 0 to ")]
    [InlineData(PageClaims.Dictionary, -1, "claims -1 values, not 0 to ")]
    [InlineData(PageClaims.Dictionary, 0, "has 0 values for 3 rows")]
    public void A_page_of_more_or_fewer_values_than_there_can_be_is_refused(int kind, int values, string says)
    {
        var page = new PageBytes(s_whole, Images);
        Refused(page.With(page.Header with { Kind = kind, Values = values }), says);
    }

    [Theory]
    [InlineData(int.MinValue, 0, "claims -2147483648 values that are not there, not 0 to 3")]
    [InlineData(Rows + 1, 0, "claims 4 values that are not there, not 0 to 3")]
    [InlineData(0, int.MaxValue, "claims 2147483647 bytes of levels, not 0 to ")]
    [InlineData(0, -1, "claims -1 bytes of levels, not 0 to ")]
    public void A_page_of_the_second_form_is_held_to_its_other_counts(int nulls, int levels, string says)
    {
        var page = new PageBytes(s_whole, Images);
        Refused(page.With(page.Header with { Kind = PageClaims.SecondForm, Nulls = nulls, LevelBytes = levels }), says);
    }

    // The library takes any field for what it should be: a type of its own length would move what follows.
    [Theory]
    [InlineData(new byte[] { 0x18, 1, 0 })]
    [InlineData(new byte[] { 0x1C, 0 })]
    [InlineData(new byte[] { 0x7C, 0x15, 2, 0 })]
    [InlineData(new byte[] { 0x15, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })]
    public void A_header_in_another_form_is_refused(byte[] fields)
    {
        var page = new PageBytes(s_whole, Images);
        Refused(page.With(page.Header, extra: fields), "is not whole");
        page = new PageBytes(s_whole, Images);
        Refused(page.With(page.Header with { Kind = 7 }), "is not whole");
    }

    // Snappy's bytes begin with the number of bytes that they make, and the library believes them.
    [Fact]
    public void What_the_packed_bytes_claim_themselves_is_held_to_the_same_bound()
    {
        Refused(new PageBytes(s_whole, Images).WithContent(0xFF, 0xFF, 0xFF, 0xFF, 0x07), "claims 2147483647 unpacked bytes, not 0 to ");
        Refused(new PageBytes(s_whole, Images).WithContent([.. Enumerable.Repeat((byte)0xFF, 12)]), "is not whole");
    }

    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Brotli)]
    [InlineData(CompressionMethod.Lz4Raw)]
    [InlineData(CompressionMethod.Zstd)]
    public void Pages_of_every_codec_are_read_within_the_bounds(CompressionMethod codec)
    {
        // A thousand labels that are all alike take next to nothing once they are packed.
        var labels = new long[1000];
        byte[] image = Drawn.File(1, 32, 32);
        string path = _folder.Write("train.parquet", DrawnShard.File(labels, image: image, codec: codec));
        using var file = ShardFile.Open(path, ["label"]);
        Assert.Equal(labels.Select(label => (int)label), file.ReadLabels(0));
        Assert.All(file.ReadImages(0), read => Assert.Equal(image, read));
    }

    // After the magic number: descriptor, window where there is one, size where it is said, blocks, sum where there is one.
    [Theory]
    [InlineData("A0 FFFFFFFF 010000", 0xFFFFFFFFL)]
    [InlineData("E0 FFFFFFFFFFFFFFFF 010000", long.MaxValue)]
    [InlineData("60 0102 010000", 0x0201L + 256)]
    [InlineData("63 78563412 0102 010000", 0x0201L + 256)]
    [InlineData("20 09 190000 4D", -1L)]
    [InlineData("20 09 4B0000 4D", 9L)]
    [InlineData("00 48 4A0000 4D 4A0000 4D 010000", 3L << 17)]
    [InlineData("04 48 190000 010203 01020304", 1L << 17)]
    [InlineData("04 48 190000 010203", -1L)]
    [InlineData("00 48 180000 010203", -1L)]
    [InlineData("00 48 010000 28B52FFD 00 48 010000", -1L)]
    [InlineData("80 48 0000", -1L)]
    public void A_Zstandard_frame_says_how_much_it_makes(string frame, long size)
    {
        using var stream = new MemoryStream(Convert.FromHexString(("28B52FFD" + frame).Replace(" ", "", StringComparison.Ordinal)));
        long? Read() => PackedSize.Of(CompressionCodec.ZSTD, stream, stream.Length, "a page");
        if (size >= 0)
            Assert.Equal(size, Read());
        else
            Assert.Contains("a page holds no whole Zstandard frame", Assert.Throws<InvalidDataException>(() => Read()).Message);
    }

    [Fact]
    public void Nothing_is_read_past_the_pages_that_were_looked_at()
    {
        using var stream = new ShardStream(new MemoryStream([1, 2, 3, 4])) { End = 3 };
        var read = new byte[4];
        Assert.Equal(3, stream.Read(read));
        Assert.Throws<InvalidDataException>(() => stream.Read(read));
        Assert.Throws<InvalidDataException>(() => stream.ReadByte());
        Assert.Equal(0, stream.Read([]));
    }

    private void Refused(byte[] shard, string says)
    {
        string path = _folder.Write("train.parquet", shard);
        using var file = ShardFile.Open(path, ["label"]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var refusal = Assert.Throws<DatasetException>(() => file.ReadImages(0));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        Assert.Equal((DatasetFault.Damaged, path), (refusal.Kind, refusal.File));
        Assert.Contains("(row group 0, column image.bytes", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
    }
}
