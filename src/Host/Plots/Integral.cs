namespace ReSTE.Native.Host;

/// <summary>
/// Integrals of functions that may jump, by Gauss's rule of three points on halves of halves until they agree. The rule never asks for a
/// value at an end, where a slope may already be another piece.
/// </summary>
internal static class Integral
{
    // Far below what a picture shows; relative where the integral is large, or rounding alone would keep it from ending.
    private const double Tolerance = 1e-10;

    // A jump is then in an interval of a billionth.
    private const int Halvings = 30;

    private static readonly double s_outer = Math.Sqrt(0.6);

    /// <summary>The integral from one end to the other; the ends may be in either order.</summary>
    public static double Of(Func<double, double> f, double from, double to) => Refine(f, from, to, Gauss(f, from, to), Halvings);

    private static double Refine(Func<double, double> f, double from, double to, double whole, int halvings)
    {
        double middle = (from + to) / 2, left = Gauss(f, from, middle), right = Gauss(f, middle, to);
        return halvings == 0 || Math.Abs(left + right - whole) <= Tolerance * (1 + Math.Abs(whole))
            ? left + right
            : Refine(f, from, middle, left, halvings - 1) + Refine(f, middle, to, right, halvings - 1);
    }

    private static double Gauss(Func<double, double> f, double from, double to)
    {
        double middle = (from + to) / 2, half = (to - from) / 2;
        return half / 9 * (5 * f(middle - half * s_outer) + 8 * f(middle) + 5 * f(middle + half * s_outer));
    }
}
