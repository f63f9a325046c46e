using System.Globalization;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>
/// The unit of every device that fuses a direction of it against the single operations on the reference: small tapes between guard words
/// that start as NaN, with one thread and with three.
/// </summary>
public sealed class BinaryUnitTests
{
    private static readonly Estimator[] s_estimators = [new Reste(), new ClippedSte()];

    public static TheoryData<string> Cases => ConvCases.All;

    /// <summary>Batch norm cannot train on a single pixel.</summary>
    public static TheoryData<string> Trainable => [.. ConvCases.All.Select(c => c.Data).Where(name => Pixels(ConvCases.Parse(name)) > 1)];

    /// <summary>Output and input alike, as a shortcut wants.</summary>
    public static TheoryData<string> Square =>
        ["17x1x1x1 1 3 2 1", "3x3x4x17 17 3 1 1", "2x5x7x32 32 3 1 1", "1x6x5x65 65 5 1 2", "2x4x3x130 130 1 1 0", "20x2x2x16 16 3 1 1"];

    [Theory]
    [MemberData(nameof(Trainable))]
    public void Training_agrees(string geometry)
    {
        foreach (UnitUse use in new[] { UnitUse.Plain, UnitUse.OwnShortcut, UnitUse.InputUsedAgain, UnitUse.Images })
            Agrees(geometry, use, training: true);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Evaluation_agrees(string geometry)
    {
        foreach (UnitUse use in new[] { UnitUse.Plain, UnitUse.OwnShortcut })
            Agrees(geometry, use, training: false);
    }

    [Theory]
    [MemberData(nameof(Square))]
    public void Input_as_shortcut_agrees(string geometry)
    {
        foreach (UnitUse use in new[] { UnitUse.InputIsShortcut, UnitUse.InputBorrows })
            foreach (bool training in new[] { true, false })
                Agrees(geometry, use, training);
    }

    // The second unit takes the signs that the first one packed. An output so close to zero that its sign depends on the precision would
    // give the second units different inputs: the numbers are such that there is none, which is asserted.
    [Theory]
    [InlineData("3x5x3x16 15 3 1 1")]
    [InlineData("1x8x8x17 31 3 2 1")]
    [InlineData("2x5x7x32 32 3 1 1")]
    [InlineData("17x2x3x31 33 3 1 1")]
    [InlineData("2x5x9x130 17 3 2 1")]
    public void A_chain_agrees(string geometry)
    {
        foreach (UnitUse use in new[] { UnitUse.Plain, UnitUse.OwnShortcut, UnitUse.Images })
            foreach (bool training in new[] { true, false })
                foreach (UnitChain chain in new[] { UnitChain.WithShortcut, UnitChain.Plain })
                    Agrees(geometry, use, training, chain);
    }

    // Of sizes that tensor cores take in both units: a tile and a bit, several, strides, channels of every width.
    [Theory]
    [InlineData("3x5x3x16 16 3 1 1")]
    [InlineData("5x9x7x16 32 3 2 1")]
    [InlineData("3x6x6x32 64 3 1 1")]
    [InlineData("1x7x9x64 128 3 2 1")]
    public void A_chain_on_tensor_cores_agrees(string geometry)
    {
        foreach (UnitUse use in new[] { UnitUse.Plain, UnitUse.OwnShortcut })
            foreach (UnitChain chain in new[] { UnitChain.WithShortcut, UnitChain.Plain })
                Agrees(geometry, use, training: true, chain);
    }

    // Around a unit that halves the image: odd sizes lose a row and a column, and channels are added on both sides, of whole quads or not.
    [Theory]
    [InlineData("3x6x6x16 16 3 1 1")]
    [InlineData("2x7x5x16 32 3 1 1")]
    [InlineData("2x5x8x32 64 3 1 1")]
    [InlineData("1x7x9x24 24 3 1 1")]
    [InlineData("2x5x4x5 6 3 1 1")]
    public void A_padded_shortcut_agrees(string geometry)
    {
        foreach (bool training in new[] { true, false })
            Agrees(geometry, UnitUse.Plain, training, UnitChain.Padded);
    }

    // Where the weights' gradients are found last, the third unit's gradient is kept, and the first one's has a place of its own.
    [Theory]
    [InlineData("3x5x3x16 16 3 1 1")]
    [InlineData("5x9x7x16 32 3 2 1")]
    [InlineData("1x5x6x72 64 3 1 1")]
    [InlineData("2x4x5x40 64 3 1 1")]
    [InlineData("1x4x7x72 32 3 1 1")]
    [InlineData("3x4x3x17 15 3 1 1")]
    [InlineData("2x6x3x31 33 3 1 1")]
    public void A_residual_block_agrees(string geometry)
    {
        foreach (UnitUse use in new[] { UnitUse.Plain, UnitUse.OwnShortcut })
            foreach (bool training in new[] { true, false })
                Agrees(geometry, use, training, UnitChain.Residual);
    }

    // Sums of the weights' gradient that the second-level cache does not hold: a few output channels at a time on the CPU, and of small
    // images several, 16 and 8 here.
    [Theory]
    [InlineData("3x3x3x130 257 3 1 1")]
    [InlineData("2x5x4x256 136 3 2 1")]
    [InlineData("16x1x3x200 160 3 1 1")]
    [InlineData("11x7x8x200 160 3 2 1")]
    public void A_large_layer_agrees(string geometry) => Agrees(geometry, UnitUse.OwnShortcut, training: true);

    // The bounds above grow from unit to unit. Without the shortcut the first unit's gradient has one part, and the units' weights the same
    // gradients: the slope of the second unit may be found from the first one's counts, and then differ in its last bits.
    [Theory]
    [InlineData("3x5x3x16 16 3 1 1")]
    [InlineData("3x5x3x32 32 3 1 1")]
    [InlineData("5x9x7x24 64 3 2 1")]
    public void A_shortcut_lends_its_gradient_whole(string geometry)
    {
        var residual = new UnitCase(ConvCases.Parse(geometry), UnitUse.Plain, new ClippedSte(), Training: true, UnitChain.Residual);
        foreach (UnitDevice device in UnitDevice.All.Where(d => d.FusesAll(residual)))
        {
            Dictionary<string, double[]> with = Fused(device, 1, residual).Values,
                without = Fused(device, 1, residual with { Chain = UnitChain.Three }).Values;
            double[] lent = SampleValues.Mixed(UnitRun.Seed, "gradient of sum", residual.Units[^1].Output.Count);
            Follows([.. without["dy0"].Zip(lent, (own, shortcut) => own + shortcut)], with["dy0"]);
            Follows(without["dy1"], with["dy1"]);
            Follows(without["dconv1.weight"], with["dconv1.weight"]);
            Follows(without["dconv2.weight"], with["dconv2.weight"]);
        }

        static void Follows(double[] expected, double[] actual)
        {
            double bound = 1e-6 * expected.Max(Math.Abs);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, bound));
        }
    }

    // More tiles of the second unit's x than an input gradient has blocks for 512 channels, 33: some take two.
    [Fact(Explicit = true)]
    [Trait("Category", Long.Category)]
    public void A_chain_of_many_tiles_agrees() => Agrees(
        new UnitCase(ConvCases.Parse("8x24x24x16 512 3 1 1"), UnitUse.Plain, new Reste(), Training: true, UnitChain.Plain)
        {
            SecondFilters = 16,
        });

    private static long Pixels(in ConvGeometry g) => (long)g.N * g.OH * g.OW;

    private static void Agrees(string geometry, UnitUse use, bool training, UnitChain chain = UnitChain.None)
    {
        foreach (Estimator estimator in s_estimators)
            Agrees(new UnitCase(ConvCases.Parse(geometry), use, estimator, training, chain));
    }

    private static void Agrees(UnitCase unitCase)
    {
        using var reference = new ReferenceDevice();
        UnitRun expected = UnitRun.Of(reference, unitCase, probe: true);
        foreach (UnitDevice device in UnitDevice.All.Where(d => d.FusesAll(unitCase)))
            Agrees(device, unitCase, expected);
    }

    private static void Agrees(UnitDevice device, UnitCase unitCase, UnitRun expected)
    {
        UnitRun one = Fused(device, 1, unitCase), three = Fused(device, 3, unitCase);
        string where = $"{device.Name}: {unitCase}";
        bool isSafe = unitCase.Units.SkipLast(1).Index().All(u =>
            Packed(expected.Values[$"y{u.Index}"], u.Item.O).SequenceEqual(one.Signs[$"y{u.Index}"]));
        Assert.True(isSafe, $"{where}: a sign depends on the precision; take other numbers");
        var bounds = new UnitBounds(unitCase, expected.Values);
        foreach (var (name, values) in one.Values)
            Compare(name, where, device.TakesParts ? bounds.Of(name).OfParts : bounds.Of(name), expected.Values[name], values);
        Snapshot.AssertSame($"{where}: three threads", one.Values, three.Values);
        foreach (var (name, words) in one.Signs)
        {
            if (one.Values.TryGetValue(name, out double[]? values))
                Assert.Equal(Packed(values, unitCase.Units[name[^1] - '0'].O), words);
            Assert.Equal(words, three.Signs[name]);
        }
    }

    // The signs of a unit's output are packed by the unit alone: where they are missing, it was recorded as single operations.
    private static UnitRun Fused(UnitDevice unitDevice, int threads, UnitCase unitCase)
    {
        UnitRun? run = null;
        unitDevice.Use(threads, device => run = UnitRun.Of(device, unitCase));
        Assert.Equal(unitCase.Units.Count, run!.Signs.Count);
        return run;
    }

    private static uint[] Packed(double[] values, int channels)
    {
        int words = (channels + 31) / 32;
        var packed = new uint[values.Length / channels * words];
        for (int i = 0; i < values.Length; i++)
            packed[i / channels * words + i % channels / 32] |= values[i] < 0 ? 1u << (i % channels % 32) : 0;
        return packed;
    }

    private static void Compare(string name, string where, Tolerance t, double[] expected, double[] actual)
    {
        double bound = t.Absolute + t.Relative * expected.Max(Math.Abs), worst = 0;
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double off = Math.Abs(expected[i] - actual[i]);
            Assert.True(off <= bound, string.Create(CultureInfo.InvariantCulture,
                $"{name} at {i}: expected {expected[i]:r}, actual {actual[i]:r}, off by {off:e2}, "
                + $"tolerance {bound:e2} ({t.Reason}); {where}"));
            worst = Math.Max(worst, off);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: off by at most {worst:e2}, tolerance {bound:e2} ({t.Reason}); {where}"));
    }
}
