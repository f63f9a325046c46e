using ReSTE.Native.Data.Shapes;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data;

/// <summary>
/// The built-in set: 10,000 training and 2,000 test images of 32 x 32 pixels, each with one of ten plane figures of random place, size,
/// turn (up to 30 degrees) and colours on an uneven, noisy background. An image is a pure function of its part and index, the same on
/// every machine.
/// </summary>
public sealed class ShapesDataset : Dataset
{
    private const int TrainCount = 10_000, TestCount = 2_000;
    private static readonly ImageShape ShapeOfAll = new(ShapesPainter.Side, ShapesPainter.Side, ShapesPainter.Channels);
    private readonly byte[] _pixels;
    private readonly ShapesPart _part;

    private ShapesDataset(ShapesPart part, int count)
    {
        (_part, Count) = (part, count);
        _pixels = new byte[count * ShapeOfAll.Bytes];
        Parallel.For(0, count, i => ShapesPainter.Paint(ShapesScene.Draw(part, i), _pixels.AsSpan(i * ShapeOfAll.Bytes, ShapeOfAll.Bytes)));
    }

    /// <summary>The figures' names, by label.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = [.. Figures.All.Select(figure => figure.Name)];

    /// <inheritdoc/>
    public override string Name => "shapes";

    /// <inheritdoc/>
    public override int Count { get; }

    /// <inheritdoc/>
    public override int Classes => ClassNames.Count;

    /// <inheritdoc/>
    public override ImageShape Shape => ShapeOfAll;

    /// <summary>
    /// Both parts, drawn anew and only as far as the limits (0 for no limit), with inputs of about zero mean and unit deviation; flips are
    /// allowed, for every figure's mirror image is of its class.
    /// </summary>
    internal static DataSplits Splits(int limitTrain, int limitTest) => new(
        new ShapesDataset(ShapesPart.Train, Limited(TrainCount, limitTrain)),
        new ShapesDataset(ShapesPart.Test, Limited(TestCount, limitTest)),
        new Preprocessing([0.5f, 0.5f, 0.5f], [0.25f, 0.25f, 0.25f], CropPadding: 2, Flip: true));

    /// <summary>Bytes of the images of both parts.</summary>
    internal static long Bytes(int limitTrain, int limitTest) =>
        (long)(Limited(TrainCount, limitTrain) + Limited(TestCount, limitTest)) * ShapeOfAll.Bytes;

    /// <inheritdoc/>
    public override int Read(int index, Span<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        _pixels.AsSpan(index * ShapeOfAll.Bytes, ShapeOfAll.Bytes).CopyTo(pixels);
        return ShapesScene.Label(_part, index);
    }

    private static int Limited(int count, int limit) => limit == 0 ? count : Math.Min(count, limit);
}
