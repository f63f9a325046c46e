using ReSTE.Native.Gpu;
using ReSTE.Native.Packed;
using ReSTE.Native.Running;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Inference;

/// <summary>
/// A binary network from a packed file, ready to tell images apart: bytes in, scores and labels out. The same file and image give the same
/// bits on every processor and GPU. Any number of threads may use one model at once; a call allocates nothing once as many have been in it
/// at once before, and on a GPU as many images as it has.
/// </summary>
public sealed class BinaryModel : IDisposable
{
    private readonly PackedNetwork _network;
    private readonly ImageRunner _runner;
    private int _disposed;

    private BinaryModel(PackedNetwork network, ImageRunner runner) => (_network, _runner) = (network, runner);

    /// <summary>The network's name, such as resnet20_1w1a.</summary>
    public string Network => _network.Name;

    /// <summary>The data set that it was trained on, such as cifar10.</summary>
    public string Dataset => _network.Dataset;

    /// <summary>Rows of its images.</summary>
    public int Height => _network.Input.Height;

    /// <summary>Columns of its images.</summary>
    public int Width => _network.Input.Width;

    /// <summary>Channels of its images: 1 for grey, 3 for red, green and blue.</summary>
    public int Channels => _network.Input.Channels;

    /// <summary>Bytes of an image, [height, width, channels].</summary>
    public int ImageBytes => _network.Input.Bytes;

    /// <summary>Names of its classes, in the order of scores and labels.</summary>
    public IReadOnlyList<string> Classes => _network.Classes;

    /// <summary>What it runs on, in words.</summary>
    public string Device => _runner.Description;

    /// <summary>Opens a packed file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads that share the images of a call, the caller's among them; 0 for one a processor.</param>
    /// <exception cref="PackedException">It is no packed file, damaged, or of a newer version.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static BinaryModel Open(string path, int threads = 0) => Of(PackedFile.Open(path), threads, VectorWidth.Widest);

    /// <summary>The same of a file that is in memory.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="threads">As for <see cref="Open"/>.</param>
    /// <exception cref="PackedException">They are no packed file, damaged, or of a newer version.</exception>
    public static BinaryModel Read(ReadOnlyMemory<byte> file, int threads = 0) => Of(PackedFile.Read(file), threads, VectorWidth.Widest);

    /// <summary>
    /// Opens a packed file to run on an NVIDIA GPU, of compute capability 8.0 or newer: a call is one graph for as many images as go
    /// together, from the bytes to the scores. Calls of several threads take turns.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="ordinal">The driver's number of the GPU.</param>
    /// <param name="batch">Images that go together at most; 0 for 256, or as many as fit 256 MB.</param>
    /// <param name="kernelFolder">A folder whose kernel images stand in for the embedded ones; null for those.</param>
    /// <exception cref="PackedException">It is no packed file, damaged, or of a newer version.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="GpuException">
    /// There is no such GPU, as <see cref="WhyNoCuda"/> says beforehand, or it fails; later calls may throw it too.
    /// </exception>
    public static BinaryModel OpenCuda(string path, int ordinal = 0, int batch = 0, string? kernelFolder = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        return OfCuda(PackedFile.Open(path), new(ordinal, batch, kernelFolder));
    }

    /// <summary>The same of a file that is in memory.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="ordinal">As for <see cref="OpenCuda"/>.</param>
    /// <param name="batch">As for <see cref="OpenCuda"/>.</param>
    /// <param name="kernelFolder">As for <see cref="OpenCuda"/>.</param>
    /// <exception cref="PackedException">They are no packed file, damaged, or of a newer version.</exception>
    /// <exception cref="GpuException">As for <see cref="OpenCuda"/>.</exception>
    public static BinaryModel ReadCuda(ReadOnlyMemory<byte> file, int ordinal = 0, int batch = 0, string? kernelFolder = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        return OfCuda(PackedFile.Read(file), new(ordinal, batch, kernelFolder));
    }

    /// <summary>One clause that says why a GPU cannot be used; null where it can.</summary>
    /// <param name="ordinal">The driver's number of the GPU.</param>
    public static string? WhyNoCuda(int ordinal = 0) => GpuRunner.WhyNot(ordinal);

    /// <summary>Takes a network, with vectors of a width; for tests.</summary>
    internal static BinaryModel Of(PackedNetwork network, int threads, int vectorBits) =>
        new(network, new CpuRunner(network, threads, vectorBits));

    /// <summary>Takes a network for a GPU, as told; for tests.</summary>
    internal static BinaryModel OfCuda(PackedNetwork network, in GpuChoice choice) => new(network, GpuRunner.Open(network, choice));

    /// <summary>The class of the highest score for each image; the lowest of equal ones.</summary>
    /// <param name="images">Any number of images one after the other, each as [height, width, channels] bytes.</param>
    /// <exception cref="ArgumentException">The bytes are no whole number of images.</exception>
    public int[] Predict(ReadOnlySpan<byte> images)
    {
        var labels = new int[Count(images)];
        Predict(images, labels);
        return labels;
    }

    /// <summary>The same into memory of the caller's; it allocates nothing.</summary>
    /// <param name="images">As for <see cref="Predict(ReadOnlySpan{byte})"/>.</param>
    /// <param name="labels">One an image.</param>
    /// <exception cref="ArgumentException">The bytes are no whole number of images, or there are fewer labels.</exception>
    public unsafe void Predict(ReadOnlySpan<byte> images, Span<int> labels)
    {
        int count = Count(images);
        CheckRoom(labels.Length, count, nameof(labels));
        fixed (byte* pixels = images)
        fixed (int* first = labels)
        {
            Run(pixels, count, null, first);
        }
    }

    /// <summary>The network's raw scores.</summary>
    /// <param name="images">As for <see cref="Predict(ReadOnlySpan{byte})"/>.</param>
    /// <param name="scores">[images, classes]; it allocates nothing.</param>
    /// <exception cref="ArgumentException">The bytes are no whole number of images, or there is room for fewer scores.</exception>
    public unsafe void Scores(ReadOnlySpan<byte> images, Span<float> scores)
    {
        int count = Count(images);
        CheckRoom(scores.Length, (long)count * Classes.Count, nameof(scores));
        fixed (byte* pixels = images)
        fixed (float* first = scores)
        {
            Run(pixels, count, first, null);
        }
    }

    /// <summary>Softmax of <see cref="Scores"/>: those of an image lie between 0 and 1 and add up to 1.</summary>
    /// <param name="images">As for <see cref="Predict(ReadOnlySpan{byte})"/>.</param>
    /// <param name="probabilities">[images, classes]; it allocates nothing.</param>
    /// <exception cref="ArgumentException">The bytes are no whole number of images, or there is room for fewer numbers.</exception>
    public void Probabilities(ReadOnlySpan<byte> images, Span<float> probabilities)
    {
        Scores(images, probabilities);
        for (int first = 0, count = Count(images); count > 0; count--, first += Classes.Count)
            Softmax(probabilities.Slice(first, Classes.Count));
    }

    /// <summary>Ends its threads, or gives back what it has of the GPU. Calls that are running must have returned.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _runner.Dispose();
    }

    private int Count(ReadOnlySpan<byte> images) => images.Length % ImageBytes == 0
        ? images.Length / ImageBytes
        : throw new ArgumentException(
            $"{images.Length} bytes are no whole number of images [{Height},{Width},{Channels}] of {ImageBytes} bytes", nameof(images));

    private static void CheckRoom(int room, long wanted, string name)
    {
        if (room < wanted)
            throw new ArgumentException($"there is room for {room} numbers, and {wanted} are wanted", name);
    }

    private unsafe void Run(byte* images, int count, float* scores, int* labels)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (count > 0)
            _runner.Run(images, count, scores, labels);
    }

    private static void Softmax(Span<float> scores)
    {
        double largest = float.NegativeInfinity, sum = 0;
        foreach (float score in scores)
            largest = Math.Max(largest, score);
        foreach (float score in scores)
            sum += Math.Exp(score - largest);
        for (int i = 0; i < scores.Length; i++)
            scores[i] = (float)(Math.Exp(scores[i] - largest) / sum);
    }
}
