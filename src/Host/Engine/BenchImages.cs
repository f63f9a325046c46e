using ReSTE.Native.Datasets;

namespace ReSTE.Native.Host;

/// <summary>
/// Drawn images, over and over, that stand for those of a data set with at least as many classes, so that the network is that set's.
/// </summary>
internal sealed class BenchImages(Dataset drawn, int classes, int count) : Dataset
{
    public override string Name => drawn.Name;
    public override int Count => count;
    public override int Classes => classes;
    public override ImageShape Shape => drawn.Shape;
    public override int Read(int index, Span<byte> pixels) => drawn.Read(index % drawn.Count, pixels);
}
