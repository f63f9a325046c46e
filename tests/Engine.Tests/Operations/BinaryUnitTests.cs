using System.Globalization;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>
/// The fused unit of a device that has one against the single operations on the reference: small tapes between guard words that start as NaN,
/// with one thread and with three.
/// </summary>
public sealed class BinaryUnitTests
{
    private const int FusedBits = 512;

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

    // The second unit takes the signs that the first one packed. An output so close to zero that its sign depends on the precision would give the
    // second units different inputs: the numbers are such that there is none, which is asserted.
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
                Agrees(geometry, use, training, isChain: true);
    }

    private static long Pixels(in ConvGeometry g) => (long)g.N * g.OH * g.OW;

    private static void Agrees(string geometry, UnitUse use, bool training, bool isChain = false)
    {
        Assert.SkipUnless(CpuVectors.Available.Contains(FusedBits), "no AVX-512 here: nothing is fused");
        using var reference = new ReferenceDevice();
        foreach (Estimator estimator in s_estimators)
        {
            var unitCase = new UnitCase(ConvCases.Parse(geometry), use, estimator, training, isChain);
            UnitRun expected = UnitRun.Of(reference, unitCase, probe: true), one = Fused(1, unitCase), three = Fused(3, unitCase);
            if (isChain)
                Assert.True(SameSigns(expected.Values["y0"], one.Values["y0"]), $"{unitCase}: a sign depends on the precision; take other numbers");
            var bounds = new UnitBounds(unitCase, expected.Values);
            foreach (var (name, values) in one.Values)
                Compare(name, unitCase, bounds.Of(name), expected.Values[name], values);
            Snapshot.AssertSame($"{unitCase}: three threads", one.Values, three.Values);
            foreach (var (name, words) in one.Signs)
            {
                Assert.Equal(Packed(one.Values[name], unitCase.Geometry.O), words);
                Assert.Equal(words, three.Signs[name]);
            }
        }
    }

    private static UnitRun Fused(int threads, UnitCase unitCase)
    {
        UnitRun? run = null;
        DevicePool.Use(FusedBits, threads, device =>
        {
            Assert.IsAssignableFrom<IBinaryUnitForward>(device.Kernels);
            run = UnitRun.Of(device, unitCase);
        });
        Assert.Equal(unitCase.Units.Count, run!.Signs.Count);
        return run;
    }

    private static bool SameSigns(double[] a, double[] b) => a.Zip(b).All(pair => pair.First < 0 == pair.Second < 0);

    private static uint[] Packed(double[] values, int channels)
    {
        int words = (channels + 31) / 32;
        var packed = new uint[values.Length / channels * words];
        for (int i = 0; i < values.Length; i++)
            packed[i / channels * words + i % channels / 32] |= values[i] < 0 ? 1u << (i % channels % 32) : 0;
        return packed;
    }

    private static void Compare(string name, UnitCase unitCase, Tolerance t, double[] expected, double[] actual)
    {
        double bound = t.Absolute + t.Relative * expected.Max(Math.Abs), worst = 0;
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double off = Math.Abs(expected[i] - actual[i]);
            Assert.True(off <= bound, string.Create(CultureInfo.InvariantCulture,
                $"{name} at {i}: expected {expected[i]:r}, actual {actual[i]:r}, off by {off:e2}, tolerance {bound:e2} ({t.Reason}); {unitCase}"));
            worst = Math.Max(worst, off);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: off by at most {worst:e2}, tolerance {bound:e2} ({t.Reason}); {unitCase}"));
    }
}
