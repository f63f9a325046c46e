using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Sums of singles in double. The lanes of the running sums are the same at every vector width, so the order of additions is too; the
/// product of two singles is exact in double.
/// </summary>
internal static unsafe class DoubleSums
{
    private const int Step = 8;

    /// <summary>sums[i] += a[i] b[i].</summary>
    public static void AddProducts(float* a, float* b, int count, double* sums)
    {
        int i = 0;
        for (; i + Step <= count; i += Step)
        {
            (Vector256<double> aLow, Vector256<double> aHigh) = Vector256.Widen(Vector256.Load(a + i));
            (Vector256<double> bLow, Vector256<double> bHigh) = Vector256.Widen(Vector256.Load(b + i));
            (Vector256.Load(sums + i) + aLow * bLow).Store(sums + i);
            (Vector256.Load(sums + i + 4) + aHigh * bHigh).Store(sums + i + 4);
        }

        for (; i < count; i++)
            sums[i] += (double)a[i] * b[i];
    }

    /// <summary>The sum of x.</summary>
    public static double Sum(float* x, long count) => Fold<Values>(x, x, count, 0);

    /// <summary>The sum of |x|.</summary>
    public static double Magnitudes(float* x, long count) => Fold<Sizes>(x, x, count, 0);

    /// <summary>The sum of a where b is not negative, and of -a where it is.</summary>
    public static double Signed(float* a, float* b, long count) => Fold<SignedValues>(a, b, count, 0);

    /// <summary>The sum of (x - mean)².</summary>
    public static double SquaredDistances(float* x, long count, double mean) => Fold<Squares>(x, x, count, mean);

    /// <summary>The sum of a b.</summary>
    public static double Dot(float* a, float* b, long count) => Fold<Products>(a, b, count, 0);

    private static double Fold<TTerm>(float* a, float* b, long count, double mean) where TTerm : struct, ITerm
    {
        Vector256<double> low = default, high = default, centre = Vector256.Create(mean);
        long i = 0;
        for (; i + Step <= count; i += Step)
        {
            (Vector256<double> aLow, Vector256<double> aHigh) = Vector256.Widen(Vector256.Load(a + i));
            (Vector256<double> bLow, Vector256<double> bHigh) = Vector256.Widen(Vector256.Load(b + i));
            low += TTerm.Of(aLow, bLow, centre);
            high += TTerm.Of(aHigh, bHigh, centre);
        }

        double sum = Vector256.Sum(low + high);
        for (; i < count; i++)
            sum += TTerm.Of(Vector256.Create((double)a[i]), Vector256.Create((double)b[i]), centre).ToScalar();
        return sum;
    }

    /// <summary>What is summed.</summary>
    private interface ITerm
    {
        static abstract Vector256<double> Of(Vector256<double> a, Vector256<double> b, Vector256<double> mean);
    }

    private readonly struct Values : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Of(Vector256<double> a, Vector256<double> b, Vector256<double> mean) => a;
    }

    private readonly struct Sizes : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Of(Vector256<double> a, Vector256<double> b, Vector256<double> mean) => Vector256.Abs(a);
    }

    private readonly struct SignedValues : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Of(Vector256<double> a, Vector256<double> b, Vector256<double> mean) =>
            Vector256.ConditionalSelect(Vector256.LessThan(b, Vector256<double>.Zero), -a, a);
    }

    private readonly struct Squares : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Of(Vector256<double> a, Vector256<double> b, Vector256<double> mean) => (a - mean) * (a - mean);
    }

    private readonly struct Products : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Of(Vector256<double> a, Vector256<double> b, Vector256<double> mean) => a * b;
    }
}
