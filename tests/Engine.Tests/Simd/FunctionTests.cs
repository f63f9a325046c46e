using System.Globalization;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Engine.Tests.Simd;

/// <summary>Functions in single precision against the library's in double, at every width.</summary>
public sealed class FunctionTests
{
    [Fact]
    public void Exponential_is_good_to_two_units_over_its_range() =>
        Check(new Exp(), Range(-87, 88), Math.Exp, (_, y) => 2.4e-7 * y);

    [Fact]
    public void Exponential_is_cut_at_the_ends_of_its_range()
    {
        foreach (int bits in CpuVectors.Available)
        {
            float[] y = VectorMap.Run(bits, [-87, -88, -1e30f, float.NegativeInfinity, 88, 89, float.PositiveInfinity, 0], new Exp());
            Assert.Equal([y[0], y[0], y[0], y[0], y[4], y[4], y[4], 1], y);
        }
    }

    [Fact]
    public void Tanh_is_good_to_a_unit_of_one() => Check(new TanhMap(), Range(-60, 60), Math.Tanh, (_, _) => 2.4e-7);

    [Fact]
    public void Derivative_of_tanh_keeps_its_digits_far_out() => Check(new DerivativeMap(), Range(-43, 43), Derivative, (_, y) => 8e-7 * y);

    [Fact]
    public void Derivative_of_tanh_is_zero_further_out_and_for_nan()
    {
        foreach (int bits in CpuVectors.Available)
        {
            float[] x = [43.1f, -43.1f, 100, float.MaxValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
            Assert.All(VectorMap.Run(bits, x, new DerivativeMap()), h => Assert.Equal(0, h));
            Assert.Equal([1, 1, -1, -1], VectorMap.Run(bits, [100, float.PositiveInfinity, -100, float.NegativeInfinity], new TanhMap()));
        }
    }

    [Theory]
    [InlineData(40)]
    [InlineData(1000)]
    public void Sine_and_cosine_are_good_to_a_unit_of_one(double range)
    {
        Check(new SineMap(), Range(-range, range), Math.Sin, (_, _) => 2e-7);
        Check(new CosineMap(), Range(-range, range), Math.Cos, (_, _) => 2e-7);
    }

    [Fact]
    public void Sine_is_good_to_two_units_of_itself_about_zero()
    {
        float[] tiny = [0, float.Epsilon, -float.Epsilon, 1e-38f, 1e-20f, -1e-10f, 1e-5f];
        Check(new SineMap(), [.. tiny, .. Range(-Math.PI / 2, Math.PI / 2)], Math.Sin, (_, y) => 2.4e-7 * Math.Abs(y));
    }

    private static double Derivative(double x) => 1 / (Math.Cosh(x) * Math.Cosh(x));

    private static float[] Range(double from, double to) =>
        [.. Enumerable.Range(0, 60_001).Select(i => (float)(from + (to - from) * i / 60_000))];

    private static void Check<TMap>(TMap map, float[] x, Func<double, double> function, Func<double, double, double> bound)
        where TMap : IVectorMap
    {
        foreach (int bits in CpuVectors.Available)
        {
            float[] y = VectorMap.Run(bits, x, map);
            double worst = 0, relative = 0;
            for (int i = 0; i < x.Length; i++)
            {
                double expected = function(x[i]), off = Math.Abs(y[i] - expected);
                Assert.True(off <= bound(x[i], expected), string.Create(CultureInfo.InvariantCulture,
                    $"{typeof(TMap).Name} of {x[i]:r}, {bits} bits: {y[i]:r}, expected {expected:r}, off by {off:e2}"));
                worst = Math.Max(worst, off);
                relative = Math.Max(relative, off / (expected == 0 ? 1 : Math.Abs(expected)));
            }

            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{typeof(TMap).Name}, {bits} bits: off by at most {worst:e2}, {relative:e2} of the result"));
        }
    }

    private readonly struct Exp : IVectorMap
    {
        public T Apply<T>(T x) where T : unmanaged, ISimd<T> => Exponential.Of(x);
    }

    private readonly struct TanhMap : IVectorMap
    {
        public T Apply<T>(T x) where T : unmanaged, ISimd<T> => Tanh.Of(x);
    }

    private readonly struct DerivativeMap : IVectorMap
    {
        public T Apply<T>(T x) where T : unmanaged, ISimd<T> => Tanh.Derivative(x);
    }

    private readonly struct SineMap : IVectorMap
    {
        public T Apply<T>(T x) where T : unmanaged, ISimd<T> => Trigonometry.Sin(x);
    }

    private readonly struct CosineMap : IVectorMap
    {
        public T Apply<T>(T x) where T : unmanaged, ISimd<T> => Trigonometry.Cos(x);
    }
}
