namespace ReSTE.Native.Training;

/// <summary>Images as bytes with their labels, by index. Reading is thread-safe and always gives the same bytes for an index.</summary>
public abstract class Dataset
{
    /// <summary>What people call it, for messages and logs.</summary>
    public abstract string Name { get; }

    /// <summary>Number of images.</summary>
    public abstract int Count { get; }

    /// <summary>Number of classes; labels are in [0, Classes).</summary>
    public abstract int Classes { get; }

    /// <summary>Size of every image.</summary>
    public abstract ImageShape Shape { get; }

    /// <summary>Writes image <paramref name="index"/> as [height, width, channels] bytes and returns its label.</summary>
    public abstract int Read(int index, Span<byte> pixels);

    /// <summary>The first <paramref name="count"/> images of a data set, or the set itself where it has no more.</summary>
    public Dataset Limit(int count) => count >= Count ? this : new LimitedDataset(this, count);

    private sealed class LimitedDataset(Dataset whole, int count) : Dataset
    {
        public override string Name => whole.Name;
        public override int Count => count;
        public override int Classes => whole.Classes;
        public override ImageShape Shape => whole.Shape;

        public override int Read(int index, Span<byte> pixels)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
            return whole.Read(index, pixels);
        }
    }
}
