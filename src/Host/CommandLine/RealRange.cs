namespace ReSTE.Native.Host;

/// <summary>The real numbers a flag accepts, and how to say so.</summary>
internal readonly record struct RealRange(double Least, bool OpenBelow, double Below, string Words)
{
    public static RealRange NotNegative { get; } = new(0, false, double.PositiveInfinity, "must not be negative");

    public static RealRange AtLeastOne { get; } = new(1, false, double.PositiveInfinity, "must be at least 1");

    public static RealRange Fraction { get; } = new(0, false, 1, "must be at least 0 and less than 1");

    public static RealRange Any { get; } = new(double.NegativeInfinity, true, double.PositiveInfinity, "must be finite");

    public bool Holds(double value) => (OpenBelow ? value > Least : value >= Least) && value < Below;
}
