using ReSTE.Native.Estimators;

namespace ReSTE.Native.Host;

/// <summary>A curve of an estimator in one epoch, at points from left to right.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Operand">Whose curve it is.</param>
/// <param name="SlopeName">What the slope is called.</param>
/// <param name="X">Where.</param>
/// <param name="Forward">The map that stands for the sign.</param>
/// <param name="Slope">What a gradient is multiplied by.</param>
internal sealed record SampledCurve(int Epoch, string Operand, string SlopeName, double[] X, double[] Forward, double[] Slope);

/// <summary>The curves of an estimator as numbers.</summary>
internal static class EstimatorSamples
{
    // With |x| up to 2 they are 0.01 apart.
    private const int EachSide = 200;

    /// <summary>Weights, then activations, of each epoch, on |x| up to a bound.</summary>
    public static IReadOnlyList<SampledCurve> Of(Estimator estimator, IReadOnlyList<int> at, int epochs, double bound) =>
    [
        .. at.SelectMany(epoch => estimator.WeightCurves(epoch, epochs).Concat(estimator.ActivationCurves(epoch, epochs))
            .Select(curve => Sample(curve, epoch, bound))),
    ];

    private static SampledCurve Sample(EstimatorCurve curve, int epoch, double bound)
    {
        double[] x = [.. Enumerable.Range(-EachSide, 2 * EachSide + 1).Select(i => bound * i / EachSide)];
        double[] forward = curve.Forward is { } map ? [.. x.Select(map)] : Integrate(curve.Slope, x);
        return new(epoch, curve.Operand, curve.SlopeName, x, forward, [.. x.Select(curve.Slope)]);
    }

    private static double[] Integrate(Func<double, double> slope, double[] x)
    {
        var sums = new double[x.Length];
        for (int i = EachSide + 1; i < x.Length; i++)
            sums[i] = sums[i - 1] + Integral.Of(slope, x[i - 1], x[i]);
        for (int i = EachSide - 1; i >= 0; i--)
            sums[i] = sums[i + 1] + Integral.Of(slope, x[i + 1], x[i]);
        return sums;
    }
}
