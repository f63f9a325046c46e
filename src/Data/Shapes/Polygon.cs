using System.Runtime.CompilerServices;

namespace ReSTE.Native.Data.Shapes;

/// <summary>A closed polygon, filled where a ray crosses it an odd number of times.</summary>
internal sealed class Polygon(params (double X, double Y)[] corners)
{
    /// <summary>Signed distance from the outline, negative inside: the nearest edge, with the sign of the crossing count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Distance(double x, double y)
    {
        double nearest = double.MaxValue, sign = 1;
        var (bx, by) = corners[^1];
        foreach (var (ax, ay) in corners)
        {
            double ex = bx - ax, ey = by - ay, wx = x - ax, wy = y - ay;
            double along = (wx * ex + wy * ey) / (ex * ex + ey * ey);
            along = along < 0 ? 0 : along > 1 ? 1 : along;
            double dx = wx - along * ex, dy = wy - along * ey, square = dx * dx + dy * dy;
            nearest = square < nearest ? square : nearest;
            bool belowA = y >= ay, aboveB = y < by, left = ex * wy > ey * wx;
            if (belowA == aboveB && aboveB == left)
                sign = -sign;
            (bx, by) = (ax, ay);
        }

        return sign * Math.Sqrt(nearest);
    }
}
