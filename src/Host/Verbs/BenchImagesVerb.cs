using System.CommandLine;
using ReSTE.Native.Images;
using static ReSTE.Native.Host.FlagOrigin;
using static ReSTE.Native.Host.Flags;

namespace ReSTE.Native.Host;

/// <summary>`reste bench images`: how many training images a second are read, decoded, cropped and resized.</summary>
internal sealed class BenchImagesVerb : Verb
{
    private readonly Flag<string?> _path;
    private readonly Flag<int> _threads, _images, _warmup;
    private readonly Flag<bool> _skia;
    private readonly Flag<ulong> _seed;
    private readonly Flag<string?> _sums;

    private BenchImagesVerb(TrainingFlags training, Flag<string?> path, Flag<int> threads, Flag<int> images, Flag<int> warmup,
        Flag<bool> skia, Flag<string?> sums)
        : base("images", "Times the making of training images out of a folder, without a network.",
            [path, threads, images, warmup, skia, training.Seed, sums]) =>
        (_path, _threads, _images, _warmup, _skia, _seed, _sums) = (path, threads, images, warmup, skia, training.Seed, sums);

    public BenchImagesVerb() : this(new(),
        Location(Published, "--data_path", "PATH", ImageFolder.DefaultPath, "folder that holds train/CLASS and val/CLASS"),
        Integer(Ours, "--threads", 1, 1, "threads that make images", "--workers"),
        Integer(Ours, "--images", 1000, 1, "images that are timed; after the last one the first comes again"),
        Integer(Ours, "--warmup", 1000, 0, "images before them that are not"),
        Switch(Ours, "--skia", "decode by SkiaSharp alone, even where libturbojpeg is found"),
        Location(Ours, "--sums", "FILE", null, "write the SHA-256 of every image's bytes here, a line each, and time nothing"))
    {
    }

    public override int Run(ParseResult parsed, HostContext context)
    {
        var stop = context.Interruption.Token;
        var benchmark = new ImageBenchmark(_path.In(parsed)!, !_skia.In(parsed), _seed.In(parsed));
        if (_sums.In(parsed) is { } file)
        {
            TextFile.Replace(file, string.Concat(benchmark.Sums(stop).Select(sum => sum + "\n")));
            return ExitCode.Done;
        }
        int threads = _threads.In(parsed);
        benchmark.Run(_warmup.In(parsed), threads, stop);
        Show(benchmark.Run(_images.In(parsed), threads, stop), threads, _skia.In(parsed), context);
        return ExitCode.Done;
    }

    private void Show(ImageTimes times, int threads, bool skiaAlone, HostContext context)
    {
        context.Out.WriteLine(skiaAlone ? ImageDecoders.DescribeWithoutTurbo() : ImageDecoders.Describe());
        context.Out.WriteLine($"{Plural.Of(times.Images, "image")} on {Plural.Of(threads, "thread")}: " +
            $"{Numbers.Fixed(times.Images / times.Seconds, 1)} images/s, " +
            $"{Numbers.Fixed(times.CpuSeconds * 1000 / times.Images, 3)} ms of a processor an image, " +
            Machine.LoadText(Machine.LoadAverage));
    }
}
