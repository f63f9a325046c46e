using System.Globalization;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>The reference's own check: its gradient against (f(x + h) - f(x - h)) / 2h in double.</summary>
internal static class CentralDifferences
{
    // The truncation error is h² f''' / 6, the rounding error 1e-16 f / h: with h = 1e-5 both stay below 1e-9 of numbers around ten.
    private const double Step = 1e-5, Bound = 2e-8;

    private const int Samples = 60;

    /// <summary>A bench on the reference device.</summary>
    public static KernelBench NewBench(int seed) => new(new ReferenceDevice(), seed);

    /// <summary>Compares a gradient that has been computed with differences of an objective that reads x.</summary>
    public static unsafe void Check(Tensor x, Tensor gradient, Func<double> objective)
    {
        double* values = x.As<double>(), gradients = gradient.As<double>();
        int stride = (int)Math.Max(1, x.Shape.Count / Samples);
        for (int i = 0; i < x.Shape.Count; i += stride)
        {
            double kept = values[i];
            values[i] = kept + Step;
            double above = objective();
            values[i] = kept - Step;
            double below = objective();
            values[i] = kept;
            double expected = (above - below) / (2 * Step), bound = Bound * (1 + Math.Abs(expected));
            Assert.True(Math.Abs(expected - gradients[i]) <= bound, string.Create(CultureInfo.InvariantCulture,
                $"{gradient} at {i}: differences give {expected:r}, the gradient is {gradients[i]:r}, tolerance {bound:e1}"));
        }
    }

    /// <summary>Sum of y * weights: an objective whose gradient in y is the weights.</summary>
    public static unsafe double Dot(Tensor y, Tensor weights)
    {
        double sum = 0;
        for (long i = 0; i < y.Shape.Count; i++)
            sum += y.As<double>()[i] * weights.As<double>()[i];
        return sum;
    }
}
