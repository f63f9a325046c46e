using System.Numerics;
using System.Runtime.CompilerServices;

namespace ReSTE.Native.Data.Shapes;

/// <summary>A plane figure within about the unit circle.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Distance">Signed distances of points (x, y) from the outline, negative inside; y points down.</param>
internal sealed record Figure(string Name, Func<Vector<double>, Vector<double>, Vector<double>> Distance);

/// <summary>
/// The ten figures, by label. Each is its own mirror image but the crescent, which is drawn both ways round. A set is drawn once, at start:
/// their code is optimised on the first call.
/// </summary>
internal static class Figures
{
    // The corners of a regular pentagon, so that no sine is computed: its last bit is not the same everywhere.
    private const double Sin36 = 0.5877852522924731, Cos36 = 0.8090169943749475, Sin72 = 0.9510565162951535, Cos72 = 0.30901699437494745;
    private const double HalfRoot2 = 0.7071067811865476, HalfRoot3 = 0.8660254037844386;

    public static IReadOnlyList<Figure> All { get; } =
    [
        new("circle", Circle),
        new("square", Box(0.75, 0.75).Distance),
        new("triangle", new Polygon((0, -1), (HalfRoot3, 0.5), (-HalfRoot3, 0.5)).Distance),
        new("cross", Cross(0.95, 0.3).Distance),
        new("star", Star(0.42).Distance),
        new("ring", Ring),
        new("crescent", Crescent),
        new("bar", Box(1, 0.28).Distance),
        new("heart", Heart(0.75, 0.2)),
        new("hourglass", new Polygon((-0.75, -0.9), (0.75, -0.9), (-0.75, 0.9), (0.75, 0.9)).Distance),
    ];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector<double> Circle(Vector<double> x, Vector<double> y) => Length(x, y) - Each(0.9);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector<double> Ring(Vector<double> x, Vector<double> y) => Vector.Abs(Length(x, y) - Each(0.72)) - Each(0.22);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector<double> Crescent(Vector<double> x, Vector<double> y) =>
        Vector.Max(Length(x, y) - Each(0.95), Each(0.8) - Length(x - Each(0.45), y));

    private static Polygon Box(double x, double y) => new((-x, -y), (x, -y), (x, y), (-x, y));

    private static Polygon Cross(double reach, double half) => new(
        (-half, -reach), (half, -reach), (half, -half), (reach, -half), (reach, half), (half, half),
        (half, reach), (-half, reach), (-half, half), (-reach, half), (-reach, -half), (-half, -half));

    private static Polygon Star(double inner) => new(
        (0, -1), (inner * Sin36, -inner * Cos36), (Sin72, -Cos72), (inner * Sin72, inner * Cos72), (Sin36, Cos36), (0, inner),
        (-Sin36, Cos36), (-inner * Sin72, inner * Cos72), (-Sin72, -Cos72), (-inner * Sin36, -inner * Cos36));

    /// <summary>A square on its corner with a half disc on each of its upper sides.</summary>
    private static Func<Vector<double>, Vector<double>, Vector<double>> Heart(double half, double down)
    {
        var square = new Polygon((0, down - half), (half, down), (0, down + half), (-half, down));
        double lobeX = half / 2, lobeY = down - half / 2, radius = half * HalfRoot2;
        return [MethodImpl(MethodImplOptions.AggressiveOptimization)] (x, y) =>
            Vector.Min(square.Distance(x, y), Length(Vector.Abs(x) - Each(lobeX), y - Each(lobeY)) - Each(radius));
    }

    private static Vector<double> Length(Vector<double> x, Vector<double> y) => Vector.SquareRoot(x * x + y * y);

    private static Vector<double> Each(double value) => new(value);
}
