using ReSTE.Native.Operations;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>A unit evaluated with its parameters folded gives the bits of the single operations on the same device.</summary>
public sealed class BinaryUnitEvaluationTests
{
    public static TheoryData<int, int> Channels
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (int bits in CpuVectors.Available)
                foreach (int channels in new[] { 1, 3, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 130 })
                    data.Add(bits, channels);
            return data;
        }
    }

    public static TheoryData<int> Widths => [.. CpuVectors.Available];

    [Theory]
    [MemberData(nameof(Channels))]
    public void Folded_units_give_the_bits_of_single_operations(int bits, int channels)
    {
        foreach (int outputs in new[] { channels, 34 })
            foreach (var (kernel, stride, padding) in new[] { (3, 1, 1), (3, 2, 1), (1, 1, 0), (2, 1, 1), (5, 2, 3) })
                foreach (Readers readers in Enum.GetValues<Readers>())
                {
                    var g = new ConvGeometry(2, 7, 5, channels, outputs, kernel, stride, padding);
                    Same(bits, new EvaluationCase(g, readers, Rectify: true, HasShortcut: readers == Readers.OfBoth));
                }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_kind_of_unit_gives_them(int bits)
    {
        foreach (var (batch, height, width) in new[] { (1, 9, 9), (1, 1, 1), (3, 2, 3), (40, 4, 4), (1, 33, 6) })
            foreach (Readers readers in Enum.GetValues<Readers>())
                for (int kind = 0; kind < 4; kind++)
                {
                    var g = new ConvGeometry(batch, height, width, 20, 40, 3, 1, 1);
                    Same(bits, new EvaluationCase(g, readers, Rectify: kind % 2 == 0, HasShortcut: kind >= 2));
                }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Many_channels_give_them(int bits) =>
        Same(bits, new EvaluationCase(new ConvGeometry(1, 4, 4, 512, 70, 3, 1, 1), Readers.OfSigns, Rectify: true, HasShortcut: false));

    [Theory]
    [MemberData(nameof(Widths))]
    public void Pools_of_signs_give_the_signs_of_pools(int bits)
    {
        foreach (int channels in new[] { 3, 32, 65 })
            foreach (PoolWindow window in new PoolWindow[] { new(2, 2, 0), new(3, 2, 1), new(3, 1, 1) })
                foreach (Readers readers in Enum.GetValues<Readers>())
                    Same(bits, new EvaluationCase(new ConvGeometry(2, 7, 6, 16, channels, 3, 1, 1), readers, true, false, window));
    }

    [Fact]
    public void A_unit_whose_signs_alone_are_read_stores_no_number()
    {
        var g = new ConvGeometry(64, 16, 16, 64, 64, 3, 1, 1);
        DevicePool.Use(CpuVectors.Available[0], 1, device =>
        {
            long numbers = sizeof(float) * g.Output.Count;
            // x, which the case keeps as numbers, signs of x and y, and little more.
            using var run = new BinaryUnitEvaluationRun(device, new(g, Readers.OfSigns, true, HasShortcut: false), folds: true);
            Assert.InRange(run.Bytes, numbers, numbers + numbers / 4);
        });
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void What_was_folded_follows_the_parameters(int bits) => DevicePool.Use(bits, 1, device =>
    {
        var evaluation = new EvaluationCase(new ConvGeometry(2, 6, 6, 33, 20, 3, 1, 1), Readers.OfSigns, true, HasShortcut: false);
        using var folded = new BinaryUnitEvaluationRun(device, evaluation, folds: true);
        using var single = new BinaryUnitEvaluationRun(device, evaluation, folds: false);
        uint[] before = folded.Results().Signs;
        Assert.Equal(single.Results().Signs, before);
        foreach (BinaryUnitEvaluationRun run in new[] { folded, single })
            foreach (var state in run.Parameters.Parameters)
                state.Write([.. state.Read().Select((v, i) => i % 3 == 0 ? -v : v)]);
        uint[] after = folded.Results().Signs;
        Assert.Equal(single.Results().Signs, after);
        Assert.NotEqual(before, after);
        folded.Spoil();
        Assert.Equal(after, folded.Results().Signs);
    });

    private static void Same(int bits, EvaluationCase evaluation) => DevicePool.Use(bits, 2, device =>
    {
        using var folded = new BinaryUnitEvaluationRun(device, evaluation, folds: true);
        using var single = new BinaryUnitEvaluationRun(device, evaluation, folds: false);
        var (signs, numbers) = folded.Results();
        var (expectedSigns, expectedNumbers) = single.Results();
        Assert.True(expectedSigns.AsSpan().SequenceEqual(signs), $"signs of {evaluation} at {bits} bits");
        Assert.True(expectedNumbers.Select(BitConverter.DoubleToInt64Bits).SequenceEqual(numbers.Select(BitConverter.DoubleToInt64Bits)),
            $"numbers of {evaluation} at {bits} bits");
        Assert.Equal(signs, folded.Results().Signs);
    });
}
