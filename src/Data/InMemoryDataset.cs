using ReSTE.Native.Training;

namespace ReSTE.Native.Data;

/// <summary>A data set held whole: image i is the i-th run of <see cref="ImageShape.Bytes"/> bytes of <paramref name="images"/>.</summary>
internal sealed class InMemoryDataset(string name, int classes, ImageShape shape, byte[] images, byte[] labels) : Dataset
{
    public override string Name => name;
    public override int Count => labels.Length;
    public override int Classes => classes;
    public override ImageShape Shape => shape;

    public override int Read(int index, Span<byte> pixels)
    {
        int label = labels[index];
        images.AsSpan(index * shape.Bytes, shape.Bytes).CopyTo(pixels);
        return label;
    }
}
