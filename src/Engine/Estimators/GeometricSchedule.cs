namespace ReSTE.Native.Estimators;

/// <summary>A number that moves from one positive value towards another by the same factor every epoch.</summary>
internal static class GeometricSchedule
{
    /// <summary>from (to / from)^(e/E), in epoch e, counted from 0, of E: the end itself is never reached.</summary>
    public static double At(double from, double to, int epoch, int epochs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(epoch, epochs);
        double start = Math.Log10(from);
        return Math.Pow(10, start + (Math.Log10(to) - start) * epoch / epochs);
    }
}
