namespace ReSTE.Native.Estimators;

/// <summary>What estimators ask of the numbers they are made with.</summary>
internal static class Domain
{
    /// <summary>The value, where it is finite and above 0.</summary>
    public static double Positive(double value, string name) =>
        Checked(value, name, value > 0 && double.IsFinite(value), "it must be a positive number");

    /// <summary>The value, where it is finite and not below 0.</summary>
    public static double NotNegative(double value, string name) =>
        Checked(value, name, value >= 0 && double.IsFinite(value), "it must be a number from 0 up");

    /// <summary>The value, where it lies between 0 and 1 and is neither.</summary>
    public static double Fraction(double value, string name) =>
        Checked(value, name, value is > 0 and < 1, "it must be a number between 0 and 1");

    /// <summary>The value, where it is above 0 and at most some number.</summary>
    public static double UpTo(double most, double value, string name) =>
        Checked(value, name, value > 0 && value <= most, FormattableString.Invariant($"it must be above 0 and at most {most}"));

    private static double Checked(double value, string name, bool fits, string expected) =>
        fits ? value : throw new ArgumentOutOfRangeException(name, value, expected);
}
