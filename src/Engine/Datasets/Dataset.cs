using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ReSTE.Native.Datasets;

/// <summary>
/// Images as bytes with their labels, by index. Reading is thread-safe and always gives the same bytes for an index. A trainer reads each
/// image when it is made, to keep all of them in its device's memory, and beside that for <see cref="Identity"/>; those of a set that is
/// streamed it reads in every pass.
/// </summary>
public abstract class Dataset
{
    /// <summary>A data set out of arrays, which are not copied: leave them alone while it is in use.</summary>
    /// <param name="name">What people call it, for messages, logs and checkpoints.</param>
    /// <param name="pixels">The images one after the other, each as [height, width, channels] bytes.</param>
    /// <param name="labels">A label in [0, classes) for each image.</param>
    /// <param name="shape">Size of every image.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="ArgumentException">The arrays do not fit each other, are empty, or hold a label outside the classes.</exception>
    public static Dataset FromArrays(string name, byte[] pixels, int[] labels, ImageShape shape, int classes)
    {
        if (shape is not { Height: > 0, Width: > 0, Channels: > 0 } || labels.Length == 0)
            throw new ArgumentException($"{name}: {labels.Length} images of {shape} are no data set");
        if (pixels.LongLength != (long)labels.Length * shape.Bytes)
            throw new ArgumentException(
                $"{name}: {labels.Length} labels want {(long)labels.Length * shape.Bytes} bytes of {shape} images, " +
                $"got {pixels.LongLength}");
        int bad = Array.FindIndex(labels, label => (uint)label >= (uint)classes);
        return bad < 0
            ? new ArrayDataset(name, pixels, labels, shape, classes)
            : throw new ArgumentException($"{name}: image {bad} has label {labels[bad]}, outside 0 to {classes - 1}");
    }

    /// <summary>What people call it, for messages and logs.</summary>
    public abstract string Name { get; }

    /// <summary>Number of images.</summary>
    public abstract int Count { get; }

    /// <summary>Number of classes; labels are in [0, Classes).</summary>
    public abstract int Classes { get; }

    /// <summary>Size of every image.</summary>
    public abstract ImageShape Shape { get; }

    /// <summary>
    /// Whether images are read anew in every pass, by threads ahead of the steps, instead of once to be kept in the device's memory: a set
    /// too large for that, or one whose training images <see cref="ReadAugmented"/> draws differently in every epoch.
    /// </summary>
    public virtual bool IsStreamed => false;

    /// <summary>
    /// Writes image <paramref name="index"/> as [height, width, channels] bytes and returns its label. Several threads call it at once.
    /// What it throws ends the training with that exception; <see cref="DatasetException"/> is the one that tells data from a fault of the
    /// code.
    /// </summary>
    public abstract int Read(int index, Span<byte> pixels);

    /// <summary>
    /// The image as it is drawn for training in an epoch, such as a random part of a photograph: a function of seed, epoch and index alone,
    /// like <see cref="Read"/> in everything else. Only streamed sets are asked for it; what <see cref="Preprocessing"/> draws is drawn
    /// after it.
    /// </summary>
    public virtual int ReadAugmented(int index, ulong seed, int epoch, Span<byte> pixels) => Read(index, pixels);

    /// <summary>
    /// What tells the first <paramref name="count"/> images from any others, in one line; a checkpoint keeps it, so that a run is resumed
    /// on the same images only. By default the SHA-256 of their number, size, pixels and labels. A set too large to be read for it
    /// overrides this with a sum of what it knows without opening an image, such as sorted file names, sizes and classes. A trainer asks
    /// for it once, on another thread, while images are being read.
    /// </summary>
    public virtual string Identity(int count, CancellationToken stop = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{count} images of {Shape}\n")));
        var image = new byte[Shape.Bytes + sizeof(int)];
        for (int i = 0; i < count; i++)
        {
            stop.ThrowIfCancellationRequested();
            BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(Shape.Bytes), Read(i, image.AsSpan(0, Shape.Bytes)));
            hash.AppendData(image);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The first <paramref name="count"/> images of a data set, or the set itself where it has no more.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public Dataset Limit(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return count >= Count ? this : new LimitedDataset(this, count);
    }

    private sealed class LimitedDataset(Dataset whole, int count) : Dataset
    {
        public override string Name => whole.Name;
        public override int Count => count;
        public override int Classes => whole.Classes;
        public override ImageShape Shape => whole.Shape;
        public override bool IsStreamed => whole.IsStreamed;
        public override string Identity(int first, CancellationToken stop) => whole.Identity(Math.Min(first, count), stop);

        public override int Read(int index, Span<byte> pixels)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
            return whole.Read(index, pixels);
        }

        public override int ReadAugmented(int index, ulong seed, int epoch, Span<byte> pixels)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
            return whole.ReadAugmented(index, seed, epoch, pixels);
        }
    }
}
