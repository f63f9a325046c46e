using System.Numerics;
using System.Runtime.CompilerServices;

namespace ReSTE.Native.Data.Shapes;

/// <summary>A closed polygon, filled where a ray crosses it an odd number of times.</summary>
internal sealed class Polygon(params (double X, double Y)[] corners)
{
    /// <summary>Signed distances from the outline, negative inside: the nearest edge, with the sign of the crossing count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Vector<double> Distance(Vector<double> x, Vector<double> y)
    {
        Vector<double> nearest = new(double.MaxValue), one = Vector<double>.One;
        var inside = Vector<long>.Zero;
        var (bx, by) = corners[^1];
        foreach (var (ax, ay) in corners)
        {
            double edgeX = bx - ax, edgeY = by - ay;
            Vector<double> ex = new(edgeX), ey = new(edgeY), wx = x - new Vector<double>(ax), wy = y - new Vector<double>(ay);
            var along = (wx * ex + wy * ey) / new Vector<double>(edgeX * edgeX + edgeY * edgeY);
            along = Vector.Min(Vector.Max(along, Vector<double>.Zero), one);
            Vector<double> dx = wx - along * ex, dy = wy - along * ey;
            nearest = Vector.Min(dx * dx + dy * dy, nearest);
            var belowA = Vector.GreaterThanOrEqual(y, new Vector<double>(ay));
            var aboveB = Vector.LessThan(y, new Vector<double>(by));
            var left = Vector.GreaterThan(ex * wy, ey * wx);
            inside ^= ~(belowA ^ aboveB) & ~(aboveB ^ left);
            (bx, by) = (ax, ay);
        }

        var root = Vector.SquareRoot(nearest);
        return Vector.ConditionalSelect(inside, -root, root);
    }
}
