namespace ReSTE.Native.Data.Shapes;

/// <summary>A plane figure within about the unit circle.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Distance">Signed distance of (x, y) from the outline, negative inside; y points down.</param>
internal sealed record Figure(string Name, Func<double, double, double> Distance);

/// <summary>The ten figures, by label. Each is its own mirror image but the crescent, which is drawn both ways round.</summary>
internal static class Figures
{
    // The corners of a regular pentagon, so that no sine is computed: its last bit is not the same everywhere.
    private const double Sin36 = 0.5877852522924731, Cos36 = 0.8090169943749475, Sin72 = 0.9510565162951535, Cos72 = 0.30901699437494745;
    private const double HalfRoot2 = 0.7071067811865476, HalfRoot3 = 0.8660254037844386;

    public static IReadOnlyList<Figure> All { get; } =
    [
        new("circle", (x, y) => Length(x, y) - 0.9),
        new("square", Box(0.75, 0.75).Distance),
        new("triangle", new Polygon((0, -1), (HalfRoot3, 0.5), (-HalfRoot3, 0.5)).Distance),
        new("cross", Cross(0.95, 0.3).Distance),
        new("star", Star(0.42).Distance),
        new("ring", (x, y) => Math.Abs(Length(x, y) - 0.72) - 0.22),
        new("crescent", (x, y) => Math.Max(Length(x, y) - 0.95, 0.8 - Length(x - 0.45, y))),
        new("bar", Box(1, 0.28).Distance),
        new("heart", Heart(0.75, 0.2)),
        new("hourglass", new Polygon((-0.75, -0.9), (0.75, -0.9), (-0.75, 0.9), (0.75, 0.9)).Distance),
    ];

    private static Polygon Box(double x, double y) => new((-x, -y), (x, -y), (x, y), (-x, y));

    private static Polygon Cross(double reach, double half) => new(
        (-half, -reach), (half, -reach), (half, -half), (reach, -half), (reach, half), (half, half),
        (half, reach), (-half, reach), (-half, half), (-reach, half), (-reach, -half), (-half, -half));

    private static Polygon Star(double inner) => new(
        (0, -1), (inner * Sin36, -inner * Cos36), (Sin72, -Cos72), (inner * Sin72, inner * Cos72), (Sin36, Cos36), (0, inner),
        (-Sin36, Cos36), (-inner * Sin72, inner * Cos72), (-Sin72, -Cos72), (-inner * Sin36, -inner * Cos36));

    /// <summary>A square on its corner with a half disc on each of its upper sides.</summary>
    private static Func<double, double, double> Heart(double half, double down)
    {
        var square = new Polygon((0, down - half), (half, down), (0, down + half), (-half, down));
        double lobeX = half / 2, lobeY = down - half / 2, radius = half * HalfRoot2;
        return (x, y) => Math.Min(square.Distance(x, y), Length(Math.Abs(x) - lobeX, y - lobeY) - radius);
    }

    private static double Length(double x, double y) => Math.Sqrt(x * x + y * y);
}
