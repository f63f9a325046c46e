using ReSTE.Native.Datasets;

namespace ReSTE.Native.Engine.Tests.Training;

/// <summary>A few images of ten classes: noise around a pattern of the class, a function of the index alone.</summary>
internal sealed class TinyImages(int count, int offset = 0, int side = 32) : Dataset
{
    public override string Name => "tiny";

    public override int Count => count;

    public override int Classes => 10;

    public override ImageShape Shape => new(side, side, 3);

    public override int Read(int index, Span<byte> pixels)
    {
        int label = (index + offset) % Classes;
        var random = new Random(1000 + offset + index);
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(random.Next(128) + ((i * (label + 1) / 97 & 1) * 127));
        return label;
    }

    /// <summary>Images to train on, and 20 others to test on.</summary>
    public static DataSplits Splits(int train, int side = 32, bool augment = true) =>
        new(new TinyImages(train, side: side), new TinyImages(20, 500, side),
            new Preprocessing([0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f], augment ? 2 : 0, augment));
}
