using System.Diagnostics;
using System.Security.Cryptography;
using ReSTE.Native.Datasets;
using ReSTE.Native.Images;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Host;

/// <summary>How long a number of images took.</summary>
/// <param name="Images">How many were made.</param>
/// <param name="Seconds">By the clock.</param>
/// <param name="CpuSeconds">Of all threads together.</param>
internal readonly record struct ImageTimes(int Images, double Seconds, double CpuSeconds);

/// <summary>The image pipeline alone: training images of a folder as the first epoch draws them, mirrored here, not on a device.</summary>
internal sealed class ImageBenchmark(string path, bool withTurbo, ulong seed)
{
    private const int Channels = 3;

    private readonly Dataset _images = ImageFolder.Open(path,
        new ImageFolderOptions { NewDecoder = withTurbo ? ImageDecoders.New : ImageDecoders.NewWithoutTurbo }).Train;

    /// <summary>Makes the first images, from the first one again after the last, on some threads.</summary>
    public ImageTimes Run(int images, int threads, CancellationToken stop)
    {
        int next = -1;
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        var work = Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(() =>
        {
            var pixels = new byte[_images.Shape.Bytes];
            while (Interlocked.Increment(ref next) is var at && at < images && !stop.IsCancellationRequested)
                Make(at % _images.Count, pixels);
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Task.WhenAll(work).GetAwaiter().GetResult();
        stop.ThrowIfCancellationRequested();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        return new(images, seconds, (process.TotalProcessorTime - cpu).TotalSeconds);
    }

    /// <summary>The SHA-256 of each image's bytes, to compare with another program's.</summary>
    public IEnumerable<string> Sums(CancellationToken stop)
    {
        var pixels = new byte[_images.Shape.Bytes];
        for (int i = 0; i < _images.Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            Make(i, pixels);
            yield return Convert.ToHexStringLower(SHA256.HashData(pixels));
        }
    }

    private void Make(int index, byte[] pixels)
    {
        _images.ReadAugmented(index, seed, 0, pixels);
        if (CropFlip.Draw(seed, 0, index, padding: 0, flip: true).Flip)
            Mirror(pixels, _images.Shape.Width);
    }

    private static void Mirror(Span<byte> pixels, int width)
    {
        for (int row = 0; row < pixels.Length; row += width * Channels)
        {
            var line = pixels.Slice(row, width * Channels);
            line.Reverse();
            // Reversed bytes are reversed columns whose channels are reversed too.
            for (int at = 0; at < line.Length; at += Channels)
                (line[at], line[at + 2]) = (line[at + 2], line[at]);
        }
    }
}
