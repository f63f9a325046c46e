using System.Globalization;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Engine.Tests.Simd;

/// <summary>a^p in single precision against the library's in double.</summary>
public sealed class PowerTests
{
    // Measured 2.3e-7 where |p log2 a| stays below 4, ReSTE's range, and 7.0e-7 below 14: the error is that of rounding p log2 a.
    [Theory]
    [InlineData(0.1, 1.5, 5e-7)]
    [InlineData(1e-4, 1e4, 1.5e-6)]
    public void Error_stays_a_few_units_in_the_last_place(double from, double to, double tolerance)
    {
        float[] a = [.. Enumerable.Range(0, 20_001).Select(i => (float)(from * Math.Pow(to / from, i / 20_000.0)))];
        foreach (int bits in CpuVectors.Available)
        {
            double worst = 0;
            foreach (float p in new[] { 0, -0.2f, -1 / 3f, -0.5f, -2 / 3f, -0.8f, -0.9f, -0.999f, 0.5f, 1 })
            {
                float[] power = Raise(bits, a, p);
                for (int i = 0; i < a.Length; i++)
                {
                    double expected = Math.Pow(a[i], p), off = Math.Abs(power[i] / expected - 1);
                    Assert.True(off <= tolerance, string.Create(CultureInfo.InvariantCulture,
                        $"{a[i]:r}^{p:r}, {bits} bits: {power[i]:r}, expected {expected:r}, off by {off:e2}, tolerance {tolerance:e2}"));
                    worst = Math.Max(worst, off);
                }
            }

            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{bits} bits: off by at most {worst:e2}"));
        }
    }

    [Fact]
    public void The_zeroth_power_and_powers_of_one_are_exactly_one()
    {
        foreach (int bits in CpuVectors.Available)
        {
            Assert.All(Raise(bits, [0.1f, 0.7f, 1, 1.5f, 3], 0), v => Assert.Equal(1, v));
            Assert.Equal([1f], Raise(bits, [1], -0.75f));
        }
    }

    private static float[] Raise(int bits, float[] a, float p) => VectorMap.Run(bits, a, new PowerMap(p));

    private readonly struct PowerMap(float p) : IVectorMap
    {
        public T Apply<T>(T x) where T : unmanaged, ISimd<T> => Power.Of(x, p);
    }
}
