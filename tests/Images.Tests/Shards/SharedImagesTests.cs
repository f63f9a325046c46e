using ReSTE.Native.Images.Shards;

namespace ReSTE.Native.Images.Tests.Shards;

/// <summary>
/// Rows that share images, as DuckDB writes them: each image once, in a dictionary, and its number in every row. 60 rows, three images.
/// </summary>
public sealed class SharedImagesTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "reference-data", "parquet", "shared");

    private static readonly string s_train = Path.Combine(s_folder, "train-00000-of-00001.parquet");

    [Fact]
    public void An_image_of_many_rows_is_kept_once()
    {
        using var file = ShardFile.Open(s_train, ["label"]);
        byte[][] images = file.ReadImages(0);
        Assert.Equal(60, images.Length);
        Assert.Equal(3, images.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.All(images.Index(), image => Assert.Same(images[image.Index % 3], image.Item));
        // The file could not hold sixty: it is its three images and little else.
        Assert.InRange(images[..3].Sum(image => image.Length), 1, new FileInfo(s_train).Length);
        Assert.Equal(Enumerable.Range(0, 60).Select(row => row % 3), file.ReadLabels(0));
    }

    [Fact]
    public void Every_row_shows_its_own_image()
    {
        var train = ParquetImages.Open(s_folder, new ImageFolderOptions { Side = 36, ShortSide = 36 }).Train;
        Assert.Equal(60, train.Count);
        byte[][] shown = [.. Enumerable.Range(0, 60).Select(row => Drawn.At(train, row))];
        Assert.All(shown.Index(), image => Assert.Equal(shown[image.Index % 3], image.Item));
        Assert.Equal(3, shown.Select(Convert.ToHexString).Distinct().Count());
        // Image 0 is 40 x 36, so that the centre's 36 x 36 are its own pixels from column 2 on: 7 x + 5 y + 60 c, see make.mjs.
        Assert.Equal([14, 74, 134], shown[0][..3]);
        int last = 7 * (2 + 35);
        Assert.Equal([(byte)last, (byte)(last + 60), (byte)(last + 120)], shown[0][(35 * 3)..(36 * 3)]);
    }
}
