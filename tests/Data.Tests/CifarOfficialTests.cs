namespace ReSTE.Native.Data.Tests;

/// <summary>The official files, where RESTE_DATA_DIR names a folder that holds cifar10/ and cifar100/, in any form.</summary>
public sealed class CifarOfficialTests
{
    [Fact]
    public void The_official_files_are_what_they_should_be()
    {
        string? folder = Environment.GetEnvironmentVariable("RESTE_DATA_DIR");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "RESTE_DATA_DIR is not set: it names a folder that holds cifar10/");
        var data = Datasets.Open("cifar10", Path.Combine(folder!, "cifar10"));
        Assert.Empty(data.Notices);
        var (train, test, _) = data;
        Assert.All(Images.CountByClass(train), count => Assert.Equal(5000, count));
        Assert.All(Images.CountByClass(test), count => Assert.Equal(1000, count));

        var (label, pixels) = Images.At(train, 0);
        Assert.Equal(6, label);
        Assert.Equal([59, 62, 63, 43, 46, 45], pixels[..6]);
        (label, pixels) = Images.At(test, 0);
        Assert.Equal(3, label);
        Assert.Equal([158, 112, 49], pixels[..3]);
    }

    [Fact]
    public void The_official_files_of_cifar100_are_what_they_should_be()
    {
        string folder = Path.Combine(Environment.GetEnvironmentVariable("RESTE_DATA_DIR") ?? "", "cifar100");
        Assert.SkipUnless(Directory.Exists(folder), "RESTE_DATA_DIR is not set, or names a folder without cifar100/");
        var data = Datasets.Open("cifar100", folder);
        Assert.Empty(data.Notices);
        var (train, test, _) = data;
        Assert.All(Images.CountByClass(train), count => Assert.Equal(500, count));
        Assert.All(Images.CountByClass(test), count => Assert.Equal(100, count));
    }
}
