namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>The program without SkiaSharp's native library: it says which package holds it, and does all that needs no image.</summary>
public sealed class MissingSkiaTests : IDisposable
{
    private static readonly Dictionary<string, string?> s_withoutTurbo = new(Reste.WithoutGpu) { ["RESTE_LIBTURBOJPEG"] = "none" };

    private readonly TemporaryFolder _folder = new();

    public MissingSkiaTests()
    {
        var source = Path.GetDirectoryName(Reste.Library)!;
        Directory.CreateDirectory(_folder["program"]);
        foreach (var file in Directory.GetFiles(source).Where(file => Path.GetExtension(file) is ".dll" or ".json"))
            File.Copy(file, Path.Combine(_folder["program"], Path.GetFileName(file)));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_are_refused_by_the_name_of_the_package()
    {
        BitmapFolder.Write(_folder["data"], classes: 2, train: 1, test: 1);
        Run("bench", "images", "--data_path", _folder["data"])
            .AssertRefused(ExitCode.Data, "SkiaSharp's native library cannot be loaded", "SkiaSharp.NativeAssets.Linux.NoDependencies");
    }

    [Fact]
    public void Info_says_so() =>
        Assert.Matches("images: +none can be decoded: SkiaSharp's native library.*SkiaSharp.NativeAssets.Linux.NoDependencies",
            Run("info").AssertDone().Output);

    [Fact]
    public void What_needs_no_image_works() => Run("--device", "cpu", "--threads", "1", "--limit_train", "32", "--limit_test", "16",
        "-b", "16", "-bt", "16", "--epochs", "1", "--results_dir", _folder["results"]).AssertDone();

    [Fact]
    public void Cifar_needs_no_image_either() => Run("--dataset", "cifar10", "--data_path", SmallCifar10.Write(_folder["cifar"], 4),
        "--device", "cpu", "--threads", "1", "-b", "10", "-bt", "4", "--epochs", "1", "--results_dir", _folder["results"]).AssertDone();

    private Reste.Finished Run(params string[] arguments)
    {
        var start = ReSTE.Native.Tests.Interruptible.Start("dotnet", ["exec", Path.Combine(_folder["program"], "reste.dll"), .. arguments]);
        foreach (var (name, value) in s_withoutTurbo)
            start.Environment[name] = value;
        using var process = System.Diagnostics.Process.Start(start)!;
        return Reste.Finish(process);
    }
}
