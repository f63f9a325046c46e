using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Two sums a channel over one slice of rows, added in double: of z and z², or with a gradient of dy and dy (z - mean); z = x or max(x, 0).
/// Double, because E[z²] - E[z]² cancels: in single it would cost batch norm after a mean ten deviations from zero two digits.
/// </summary>
internal readonly unsafe struct BatchNormSumsJob : IParallelJob
{
    private const int Lanes = 16, BlockRows = 16;

    public required Slices Slices { get; init; }

    public required int Channels { get; init; }

    /// <summary>[rows, channels].</summary>
    public required float* X { get; init; }

    /// <summary>[rows, channels], or null for the forward sums.</summary>
    public required float* Dy { get; init; }

    /// <summary>[channels]; only read with a gradient.</summary>
    public required float* Mean { get; init; }

    public required bool Rectify { get; init; }

    /// <summary>[slices, 2, channels].</summary>
    public required double* Sums { get; init; }

    public void Run(int part, int worker)
    {
        long first = Slices.Start(part), end = Slices.Start(part + 1);
        double* sums = Sums + 2L * part * Channels;
        int c = 0;
        for (; c + Lanes <= Channels; c += Lanes)
        {
            if (Dy == null)
                Statistics(first, end, c, sums);
            else
                Gradients(first, end, c, sums);
        }

        for (; c < Channels; c++)
            Scalar(first, end, c, sums);
    }

    private void Statistics(long first, long end, int c, double* sums)
    {
        Vector256<float> floor = Vector256.Create(Rectify ? 0 : float.NegativeInfinity);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default, q0 = default, q1 = default, q2 = default, q3 = default;
        float* x = X + first * Channels + c;
        for (long r = first; r < end; r++, x += Channels)
        {
            Vector256<float> low = Vector256.MaxNative(floor, Vector256.Load(x)), high = Vector256.MaxNative(floor, Vector256.Load(x + 8));
            (Vector256<double> a, Vector256<double> b) = Vector256.Widen(low);
            (Vector256<double> d, Vector256<double> e) = Vector256.Widen(high);
            s0 += a;
            s1 += b;
            s2 += d;
            s3 += e;
            q0 = Vector256.MultiplyAddEstimate(a, a, q0);
            q1 = Vector256.MultiplyAddEstimate(b, b, q1);
            q2 = Vector256.MultiplyAddEstimate(d, d, q2);
            q3 = Vector256.MultiplyAddEstimate(e, e, q3);
        }

        Store(sums + c, s0, s1, s2, s3);
        Store(sums + Channels + c, q0, q1, q2, q3);
    }

    // The products are rounded to single anyway: they are added in single over a few rows before they are widened.
    private void Gradients(long first, long end, int c, double* sums)
    {
        Vector256<float> floor = Vector256.Create(Rectify ? 0 : float.NegativeInfinity);
        Vector256<float> meanLow = Vector256.Load(Mean + c), meanHigh = Vector256.Load(Mean + c + 8);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default, q0 = default, q1 = default, q2 = default, q3 = default;
        float* x = X + first * Channels + c, dy = Dy + first * Channels + c;
        while (first < end)
        {
            Vector256<float> qLow = default, qHigh = default;
            for (long stop = Math.Min(end, first + BlockRows); first < stop; first++, x += Channels, dy += Channels)
            {
                Vector256<float> gLow = Vector256.Load(dy), gHigh = Vector256.Load(dy + 8);
                (s0, s1) = AddWide(gLow, s0, s1);
                (s2, s3) = AddWide(gHigh, s2, s3);
                qLow = Vector256.MultiplyAddEstimate(gLow, Vector256.MaxNative(floor, Vector256.Load(x)) - meanLow, qLow);
                qHigh = Vector256.MultiplyAddEstimate(gHigh, Vector256.MaxNative(floor, Vector256.Load(x + 8)) - meanHigh, qHigh);
            }

            (q0, q1) = AddWide(qLow, q0, q1);
            (q2, q3) = AddWide(qHigh, q2, q3);
        }

        Store(sums + c, s0, s1, s2, s3);
        Store(sums + Channels + c, q0, q1, q2, q3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<double> Low, Vector256<double> High) AddWide(
        Vector256<float> values, Vector256<double> low, Vector256<double> high)
    {
        (Vector256<double> a, Vector256<double> b) = Vector256.Widen(values);
        return (low + a, high + b);
    }

    private void Scalar(long first, long end, int c, double* sums)
    {
        double sum = 0, second = 0;
        for (long i = first * Channels + c; i < end * Channels; i += Channels)
        {
            float z = Rectify ? Math.Max(X[i], 0) : X[i];
            sum += Dy == null ? z : Dy[i];
            second += Dy == null ? (double)z * z : Dy[i] * (z - Mean[c]);
        }

        sums[c] = sum;
        sums[Channels + c] = second;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* target, Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d)
    {
        a.Store(target);
        b.Store(target + 4);
        c.Store(target + 8);
        d.Store(target + 12);
    }
}
