using ReSTE.Native.Datasets;

namespace ReSTE.Native.Host;

/// <summary>
/// Drawn images, over and over, that stand for those of a data set with at least as many classes, so that the network is that set's. Where
/// that set's are larger, a drawn one is laid side by side.
/// </summary>
internal sealed class BenchImages(Dataset drawn, ImageShape shape, int classes, int count) : Dataset
{
    public override string Name => drawn.Name;
    public override int Count => count;
    public override int Classes => classes;
    public override ImageShape Shape => shape;

    public override int Read(int index, Span<byte> pixels)
    {
        if (shape == drawn.Shape)
            return drawn.Read(index % drawn.Count, pixels);
        var tile = new byte[drawn.Shape.Bytes];
        int label = drawn.Read(index % drawn.Count, tile), row = drawn.Shape.Width * drawn.Shape.Channels;
        for (int y = 0; y < shape.Height; y++)
        {
            var line = pixels.Slice(y * shape.Width * shape.Channels, shape.Width * shape.Channels);
            for (int x = 0; x < line.Length; x++)
                line[x] = tile[y % drawn.Shape.Height * row + x % row];
        }
        return label;
    }
}
