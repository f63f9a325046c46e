namespace ReSTE.Native.Engine.Tests.Kernels;

/// <summary>The one table of how closely the CPU device must follow the reference, with reasons. u = 6e-8 is half a unit in the last place of float32.</summary>
internal static class Tolerances
{
    private const double U = 6e-8;

    /// <summary>Integers, bits, copies.</summary>
    public static Tolerance Exact { get; } = new(0, 0, "nothing is rounded");

    /// <summary>One operation on exact operands.</summary>
    public static Tolerance Rounded { get; } = new(0, 0, "one rounding of an exact value", IsRounding: true);

    /// <summary>Products and sums of a handful of terms a value.</summary>
    public static Tolerance FewRoundings { get; } = new(0, 4 * U, "at most four roundings in a row, each u of a number no larger than the largest");

    /// <summary>A sum of <paramref name="terms"/> products.</summary>
    public static Tolerance Sum(long terms) => new(0, U * (4 + Math.Sqrt(terms)),
        $"a running sum of {terms} float32 products rounds like a random walk: sqrt(K) u of the sum's size");

    /// <summary>A sum times a slope.</summary>
    public static Tolerance SumWithSlope(long terms) => new(0, U * (8 + Math.Sqrt(terms)),
        $"a running sum of {terms} float32 products, times a power that is good to four u");

    /// <summary>Weight gradients from tables.</summary>
    public static Tolerance SumLessBorder(long terms) => new(0, U * (4 + 2 * Math.Sqrt(terms)),
        $"a running sum of {terms} float32 values that also holds the padding, from which the padding's sum is taken off again");

    /// <summary>The gradient of latent weights.</summary>
    public static Tolerance SlopeAndShare { get; } = new(0, 8 * U, "a power good to four u, three products and two sums; the scale's share is summed in double");

    /// <summary>
    /// Batch norm's output; <paramref name="magnification"/> is the largest |gamma| invStd |z| of any channel: what an error of one in the mean,
    /// in units of the inputs, becomes in the output.
    /// </summary>
    public static Tolerance Normalised(double magnification) => new(1.5 * U * magnification, 4 * U,
        "the mean rounded to float32, as large as its inputs and multiplied like them; then a difference, a product and two sums");

    /// <summary>Batch norm's input gradient.</summary>
    public static Tolerance NormalisedGradient { get; } = new(0, 12 * U,
        "three channel constants rounded to float32 and six operations on numbers the size of the gradient");

    /// <summary>Batch norm's gradient of gamma.</summary>
    public static Tolerance GradientOfGamma { get; } = new(4 * U, 4 * U, "products rounded to float32, added in double");

    /// <summary>A statistic of a channel.</summary>
    public static Tolerance Statistic { get; } = new(1e-12, 2 * U, "added in double, rounded to float32 once or twice");

    /// <summary>Double arithmetic on float32 values.</summary>
    public static Tolerance DoublePrecision { get; } = new(1e-13, 1e-13, "double on both devices, at most in another order");

    /// <summary>Softmax's gradient.</summary>
    public static Tolerance Probability { get; } = new(1e-12, 2 * U, "computed in double, rounded to float32");
}
