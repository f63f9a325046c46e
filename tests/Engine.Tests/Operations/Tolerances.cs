namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>
/// The one table of how closely the CPU device must follow the reference, with reasons. U is half a unit in the last place of float32.
/// "Seen" is the largest share of the tolerance that any case used, at any vector width.
/// </summary>
internal static class Tolerances
{
    private const double U = 6e-8;

    // A number as two of bf16 is rounded by 2^-17 of itself at most, and by half of that seldom. The errors of a sum's terms add up like a
    // random walk, as the terms do, so the sum is off by as small a share of its own size.
    private const double TwoParts = 3.8e-6;

    // Of a product of two such numbers that of the two low parts is left out too, 2^-16 at most: 2^-15 in all, and 3e-6 of the product in
    // the root of the mean square. A sum that one product outweighs has nothing to average it with: hence three times that.
    private const double PartsOfBoth = 1e-5;

    /// <summary>Integers, bits, copies.</summary>
    public static Tolerance Exact { get; } = new(0, 0, "nothing is rounded");

    /// <summary>One operation on exact operands.</summary>
    public static Tolerance Rounded { get; } = new(0, 0, "one rounding of an exact value", IsRounding: true);

    /// <summary>Products and sums of a handful of terms a value. Seen: 0.5.</summary>
    public static Tolerance FewRoundings { get; } = new(0, 4 * U,
        "at most four roundings in a row, each U of a number no larger than the largest");

    /// <summary>AdaSTE's step.</summary>
    public static Tolerance AdaSteUpdate { get; } = new(0, 12 * U,
        "a quotient of quotients, times a gain; a power good to four U taken from 1; some eight roundings in a row");

    /// <summary>A weight after a step of Adam.</summary>
    public static Tolerance AdamWeight { get; } = new(0, 10 * U,
        "ten roundings: the mean's four, the deviation's three, then a product, a quotient and a difference");

    /// <summary>A sum of <paramref name="terms"/> products. Seen: 0.6.</summary>
    public static Tolerance Sum(long terms) => new(0, U * (4 + Math.Sqrt(terms)),
        $"a running sum of {terms} float32 products rounds like a random walk: sqrt(K) U of the sum's size");

    /// <summary>A gradient, a sum of products of reals; forward nothing is left out of them. Seen: 0.6; of parts 0.7.</summary>
    public static Tolerance GradientSum(long terms) => Sum(terms) with { Parts = PartsOfBoth };

    /// <summary>A sum times a slope. Seen: 0.4; of parts 0.4.</summary>
    public static Tolerance SumWithSlope(long terms) => new(0, U * (8 + Math.Sqrt(terms)),
        $"a running sum of {terms} float32 products, times a power that is good to four U")
    { Parts = TwoParts };

    /// <summary>Weight gradients from tables. Seen: 0.4; of parts 0.5.</summary>
    public static Tolerance SumLessBorder(long terms) => new(0, U * (4 + Math.Sqrt(terms)),
        $"a running sum of {terms} float32 values; what it holds of the padding is summed alike and taken off again")
    { Parts = TwoParts };

    /// <summary>
    /// A gradient through a slope, and at most through a scale: <paramref name="largest"/> is the slope's largest value,
    /// <paramref name="size"/> the largest product of all else in it. Seen: 0.7.
    /// </summary>
    public static Tolerance ThroughSlope(double largest, double size) => new(8 * U * largest * size, 5 * U,
        "an exponential, a sine or a power, good to eight U of the slope's largest value; three products, two sums");

    /// <summary>
    /// Batch norm's output; <paramref name="magnification"/> is the largest |gamma| invStd |z| of any channel: what an error of one
    /// in the mean, in units of the inputs, becomes in the output. Seen: 0.5.
    /// </summary>
    public static Tolerance Normalised(double magnification) => new(1.5 * U * magnification, 4 * U,
        "the mean rounded to float32, as large as its inputs and multiplied like them; then a difference, a product and two sums");

    /// <summary>Batch norm's input gradient. Seen: 0.5.</summary>
    public static Tolerance NormalisedGradient { get; } = new(0, 6 * U,
        "three channel constants rounded to float32 and six operations on numbers the size of the gradient");

    /// <summary>Batch norm's gradient of gamma. Seen: 0.7.</summary>
    public static Tolerance GradientOfGamma { get; } = new(4 * U, 4 * U, "products rounded to float32, added in double");

    /// <summary>A statistic of a channel. Seen: 0.5.</summary>
    public static Tolerance Statistic { get; } = new(1e-12, 2 * U, "added in double, rounded to float32 once or twice");

    /// <summary>Double arithmetic on float32 values. Seen: 0.</summary>
    public static Tolerance DoublePrecision { get; } = new(1e-13, 1e-13, "double on both devices, at most in another order");

    /// <summary>Softmax's gradient. Seen: 0.4.</summary>
    public static Tolerance Probability { get; } = new(1e-12, 2 * U, "computed in double, rounded to float32");

    /// <summary>
    /// A binary unit's output; <paramref name="magnification"/> as in <see cref="Normalised"/>, of what the convolution gives. Seen: 0.5.
    /// </summary>
    public static Tolerance UnitOutput(double magnification) => new(2 * U * magnification, 4 * U,
        "as batch norm's output, of a convolution that is rounded itself: its scale once and each product once");

    /// <summary>A running statistic of what a binary convolution gives. Seen: 0.5.</summary>
    public static Tolerance UnitStatistic { get; } = new(1e-12, 4 * U,
        "a square of scale times count, each rounded; summed in double, then rounded");

    /// <summary>
    /// A binary unit's gradient of gamma; <paramref name="size"/> is the sum of |dy| times the largest |z| / deviation of a
    /// channel. Seen: 0.2.
    /// </summary>
    public static Tolerance UnitGradientOfGamma(double size) => new(U * size, 4 * U,
        "z and the batch's mean are rounded at their own size, then divided by the deviation");

    /// <summary>
    /// A binary unit's gradients of input and latent weights; <paramref name="size"/> is the gradient before batch norm, times what
    /// z over the deviation magnifies, times slope, scale and the square root of the number of terms. Seen: 0.6.
    /// </summary>
    public static Tolerance UnitGradient(double size) => new(U / 2 * size, 8 * U,
        "every term has the errors of z, mean and deviation; K terms add up like a random walk")
    { Parts = TwoParts };
}
