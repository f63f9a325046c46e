namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>`reste bench images`: the image pipeline by itself, and what it says about a folder that is none.</summary>
public sealed class BenchImagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BenchImagesTests() => BitmapFolder.Write(_folder["data"], classes: 2, train: 3, test: 1);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public void It_says_images_a_second_and_what_decoded_them(string threads)
    {
        var run = Reste.Run("bench", "images", "--data_path", _folder["data"], "--threads", threads, "--images", "20", "--warmup", "2");
        Assert.Matches($@"20 images on {threads} threads?: [0-9.]+ images/s, [0-9.]+ ms of a processor an image", run.AssertDone().Output);
        Assert.Contains("SkiaSharp", run.Output);
    }

    [Fact]
    public void SkiaSharp_alone_is_what_it_says_then()
    {
        var run = Reste.Run("bench", "images", "--data_path", _folder["data"], "--skia", "--images", "1", "--warmup", "0");
        Assert.Equal("all by SkiaSharp", run.AssertDone().Output.Split('\n')[0].TrimEnd());
    }

    [Fact]
    public void Its_sums_are_those_of_the_seed()
    {
        string[] Sums(params string[] more)
        {
            Reste.Run(["bench", "images", "--data_path", _folder["data"], "--sums", _folder["sums"], .. more]).AssertDone();
            return File.ReadAllLines(_folder["sums"]);
        }
        var sums = Sums();
        Assert.Equal(6, sums.Distinct().Count());
        Assert.All(sums, sum => Assert.Equal(64, sum.Length));
        Assert.Equal(sums, Sums("--skia"));
        Assert.NotEqual(sums, Sums("--seed", "5"));
    }

    [Fact]
    public void A_damaged_image_is_named()
    {
        File.WriteAllText(_folder["data/train/c1/1.bmp"], "BM");
        Reste.Run("bench", "images", "--data_path", _folder["data"])
            .AssertRefused(ExitCode.Data, _folder["data/train/c1/1.bmp"], "it is cut short");
    }

    [Fact]
    public void A_class_folder_that_may_not_be_read_is_named()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
            File.SetUnixFileMode(_folder["data/train/c1"], UnixFileMode.None);
        }
        try
        {
            OtherUser.Run("bench", "images", "--data_path", _folder["data"])
                .AssertRefused(ExitCode.Data, _folder["data/train/c1"], "cannot be read, permission denied");
        }
        finally
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(_folder["data/train/c1"], (UnixFileMode)0b111_101_101);
        }
    }
}
