namespace ReSTE.Native.Datasets;

/// <summary>A data set held whole: image i is the i-th run of <see cref="ImageShape.Bytes"/> bytes.</summary>
internal sealed class ArrayDataset(string name, byte[] images, int[] labels, ImageShape shape, int classes) : Dataset
{
    public override string Name => name;
    public override int Count => labels.Length;
    public override int Classes => classes;
    public override ImageShape Shape => shape;

    public override int Read(int index, Span<byte> pixels)
    {
        images.AsSpan(index * shape.Bytes, shape.Bytes).CopyTo(pixels);
        return labels[index];
    }
}
