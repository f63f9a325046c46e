using System.Runtime.InteropServices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Packed;
using ReSTE.Native.Running;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Inference;

/// <summary>
/// A binary network from a packed file, ready to tell images apart: bytes in, scores and labels out. The same file and image give the same
/// bits on every processor. Any number of threads may use one model at once; a call allocates nothing once as many have been in it at once
/// before.
/// </summary>
public sealed class BinaryModel : IDisposable
{
    private readonly PackedNetwork _network;
    private readonly ImageProgram _program;
    private readonly CpuThreads? _threads;
    private readonly Lock _gate = new();
    private readonly Stack<Worker> _idle = new();
    private readonly GCHandle _workers;
    private volatile bool _disposed;

    private BinaryModel(PackedNetwork network, int threads, int vectorBits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        _network = network;
        _program = ImageProgram.Of(network, vectorBits);
        int count = threads == 0 ? Environment.ProcessorCount : threads;
        _idle.Push(new Worker(_program));
        if (count == 1)
            return;
        _workers = GCHandle.Alloc(Enumerable.Range(0, count).Select(_ => new Worker(_program)).ToArray());
        _threads = new CpuThreads(count);
    }

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

    /// <summary>Opens a packed file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads that share the images of a call, the caller's among them; 0 for one a processor.</param>
    /// <exception cref="PackedException">It is no packed file, damaged, or of a newer version.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static BinaryModel Open(string path, int threads = 0) => new(PackedFile.Open(path), threads, VectorWidth.Widest);

    /// <summary>The same of a file that is in memory.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="threads">As for <see cref="Open"/>.</param>
    /// <exception cref="PackedException">They are no packed file, damaged, or of a newer version.</exception>
    public static BinaryModel Read(ReadOnlyMemory<byte> file, int threads = 0) => new(PackedFile.Read(file), threads, VectorWidth.Widest);

    /// <summary>The same of a network, with vectors of a width; for tests.</summary>
    internal static BinaryModel Of(PackedNetwork network, int threads, int vectorBits) => new(network, threads, vectorBits);

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
            Run(Job(pixels, null, first), count);
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
            Run(Job(pixels, first, null), count);
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

    /// <summary>Ends its threads. Calls that are running must have returned.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        _threads?.Dispose();
        if (_workers.IsAllocated)
            _workers.Free();
    }

    private unsafe ImagesJob Job(byte* images, float* scores, int* labels) =>
        new(_workers.IsAllocated ? GCHandle.ToIntPtr(_workers) : 0, images, (ImageBytes, Classes.Count), scores, labels);

    private int Count(ReadOnlySpan<byte> images) => images.Length % ImageBytes == 0
        ? images.Length / ImageBytes
        : throw new ArgumentException(
            $"{images.Length} bytes are no whole number of images [{Height},{Width},{Channels}] of {ImageBytes} bytes", nameof(images));

    private static void CheckRoom(int room, long wanted, string name)
    {
        if (room < wanted)
            throw new ArgumentException($"there is room for {room} numbers, and {wanted} are wanted", name);
    }

    // One call at a time has the threads; others do their images on their own.
    private void Run(ImagesJob job, int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (count == 0)
            return;
        if (count > 1 && _threads is { } threads && Monitor.TryEnter(threads))
        {
            try
            {
                threads.Run(ref job, count);
            }
            finally
            {
                Monitor.Exit(threads);
            }

            return;
        }

        Worker worker = Rent();
        for (int i = 0; i < count; i++)
            job.Run(i, worker);
        Return(worker);
    }

    private Worker Rent()
    {
        lock (_gate)
        {
            if (_idle.TryPop(out Worker? worker))
                return worker;
        }

        return new Worker(_program);
    }

    private void Return(Worker worker)
    {
        lock (_gate)
            _idle.Push(worker);
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
