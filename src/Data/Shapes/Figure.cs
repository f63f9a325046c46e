namespace ReSTE.Native.Data.Shapes;

/// <summary>A plane figure within about the unit circle.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Distance">Signed distance of (x, y) from the outline, negative inside; y points down.</param>
internal sealed record Figure(string Name, Func<double, double, double> Distance);
