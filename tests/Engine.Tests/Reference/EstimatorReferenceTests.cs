using System.Globalization;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Engine.Tests.Estimators;
using ReSTE.Native.Estimators;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>
/// The published slopes on a grid with every boundary. The recorded forward equivalents (reste.forward_equivalent.*) have no
/// counterpart here: the engine's forward map is sign alone.
/// </summary>
[Trait("Category", "Reference")]
public sealed class EstimatorReferenceTests
{
    // The recording is float32, whose power is good to about one unit in the last place.
    private const double Tolerance = 1e-6;

    private const string Backward = "reste.backward.o";

    public static TheoryData<string> Files => ReferenceFiles.Matching("estimators.safetensors");

    [Theory]
    [MemberData(nameof(Files))]
    public void Reste_slope_agrees(string name)
    {
        SafetensorsFile file = ReferenceFiles.Open(name);
        double Setting(string key) => double.Parse(file.Metadata[key], CultureInfo.InvariantCulture);
        float[] x = [.. file.ReadFloat64("x").Select(v => (float)v)];
        string[] recorded = [.. file.Tensors.Select(t => t.Name).Where(n => n.StartsWith(Backward, StringComparison.Ordinal))];
        Assert.NotEmpty(recorded);
        foreach (string tensor in recorded)
        {
            double o = double.Parse(tensor[Backward.Length..], CultureInfo.InvariantCulture);
            Check(tensor, ResteSlope.Create(new Reste(3, Setting("t"), Setting("interval")).Parameters(o)), x, file.ReadFloat64(tensor));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Clipped_slope_agrees(string name)
    {
        SafetensorsFile file = ReferenceFiles.Open(name);
        Check("ste.backward", ClippedSlope.Create(default), [.. file.ReadFloat64("x").Select(v => (float)v)],
            file.ReadFloat64("ste.backward"));
    }

    private static void Check<TSlope>(string tensor, TSlope slope, float[] x, double[] recorded) where TSlope : unmanaged, ISlope<TSlope>
    {
        Check(tensor, "definition", x, [.. x.Select(v => slope.Evaluate(v))], recorded);
        foreach (int bits in CpuVectors.Available)
            Check(tensor, $"{bits} bits", x, [.. SlopeVectors.Evaluate(bits, slope, x).Select(v => (double)v)], recorded);
    }

    private static void Check(string tensor, string where, float[] x, double[] ours, double[] recorded)
    {
        Assert.Equal(recorded.Length, ours.Length);
        double worst = 0;
        for (int i = 0; i < recorded.Length; i++)
        {
            double off = ours[i] == recorded[i] ? 0 : Math.Abs(ours[i] - recorded[i]) / Math.Abs(recorded[i]);
            Assert.True(off <= Tolerance, string.Create(CultureInfo.InvariantCulture,
                $"{tensor} at {i}, x = {x[i]:r}, {where}: {ours[i]:r}, recorded {recorded[i]:r}, "
                + $"off by {off:e2}, tolerance {Tolerance:e0}"));
            worst = Math.Max(worst, off);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{tensor}, {where}: off by at most {worst:e2}"));
    }
}
