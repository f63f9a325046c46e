using System.Security.Cryptography;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Tests;

public sealed class ShapesTests
{
    private static readonly DataSplits Shapes = Datasets.Open("shapes", null);

    [Fact]
    public void The_parts_are_balanced_and_of_the_stated_size()
    {
        var train = Shapes.Train;
        Assert.Equal(("shapes", 10_000, 10, new ImageShape(32, 32, 3)), (train.Name, train.Count, train.Classes, train.Shape));
        Assert.Equal(10, ShapesDataset.ClassNames.Distinct().Count());
        Assert.All(Images.CountByClass(Shapes.Train), count => Assert.Equal(1000, count));
        Assert.All(Images.CountByClass(Shapes.Test), count => Assert.Equal(200, count));
    }

    [Fact]
    public void Every_run_of_ten_holds_every_class_and_the_order_changes()
    {
        int[] labels = [.. Images.All(Shapes.Train).Take(1000).Select(image => image.Label)];
        Assert.All(labels.Chunk(10), run => Assert.Equal(Enumerable.Range(0, 10), run.Order()));
        Assert.Equal(10, labels.Chunk(10).Select(run => run[0]).Distinct().Count());
    }

    [Fact]
    public void Two_instances_and_parallel_reading_give_the_same_bytes()
    {
        var again = Datasets.Open("shapes", null);
        Images.AssertSame(Shapes.Test, again.Test);
        var expected = Images.All(Shapes.Train).Select(image => image.Pixels).ToArray();
        Parallel.For(0, expected.Length, i => Assert.True(Images.At(again.Train, i).Pixels.SequenceEqual(expected[i]), $"image {i}"));
    }

    /// <summary>The bytes are part of what a published result means: whoever changes them changes these on purpose.</summary>
    [Theory]
    [InlineData(true, "0a2d0d631753ba708d0e5c2230cf510d34db0f207a67983db7dafb2d27fb8c6c")]
    [InlineData(false, "d9a7fe27f6d5bd64c13747ddd6b6d47fd093255f37212ae86530005dfa5d3773")]
    public void The_bytes_are_the_same_on_every_machine(bool train, string hash)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (label, pixels) in Images.All(train ? Shapes.Train : Shapes.Test))
        {
            sha.AppendData([(byte)label]);
            sha.AppendData(pixels);
        }

        Assert.Equal(hash, Convert.ToHexStringLower(sha.GetHashAndReset()));
    }

    [Fact]
    public void No_image_comes_twice()
    {
        var images = Images.All(Shapes.Train).Concat(Images.All(Shapes.Test));
        var hashes = images.Select(image => Convert.ToHexString(SHA256.HashData(image.Pixels)));
        Assert.Equal(Shapes.Train.Count + Shapes.Test.Count, hashes.Distinct().Count());
    }

    [Fact]
    public void Inputs_are_about_centred_with_unit_deviation()
    {
        double[] values = [.. Images.All(Shapes.Test).SelectMany(image => image.Pixels).Select(value => (value / 255.0 - 0.5) / 0.25)];
        double mean = values.Average(), deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        Assert.InRange(mean, -0.1, 0.1);
        Assert.InRange(deviation, 0.8, 1.3);
    }

    [Fact]
    public void Limits_keep_the_first_images()
    {
        var limited = Datasets.Open("shapes", null, limitTrain: 30, limitTest: 20);
        Assert.Equal((30, 20), (limited.Train.Count, limited.Test.Count));
        Images.AssertSame(Shapes.Train.Limit(30), limited.Train);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10_000)]
    public void An_index_outside_is_refused(int index) => Assert.Throws<ArgumentOutOfRangeException>(() => Images.At(Shapes.Train, index));
}
