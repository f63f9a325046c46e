using System.Runtime.CompilerServices;

namespace ReSTE.Native.Data.Shapes;

/// <summary>
/// Turns a scene into bytes. Every operation is one that IEEE 754 rounds exactly, in a fixed order and never fused, so the bytes are the
/// same on every machine. The inner loops are optimised on their first call, for a set is drawn once, at start: tiering up comes too late.
/// </summary>
internal static class ShapesPainter
{
    public const int Side = 32, Channels = 3;

    // In radii: the hourglass's corners lie at 1.17, and half a pixel of soft outline is at most 0.06.
    private const double Reach = 1.3;

    /// <summary>Writes the image as [height, width, channels].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Paint(ShapesScene scene, Span<byte> pixels)
    {
        var noise = new ShapesRandom(scene.Part, scene.Index, ShapesRandom.Purpose.Noise);
        for (int i = 0; i < Side * Side; i++)
        {
            double x = i % Side + 0.5, y = i / Side + 0.5;
            double coverage = Coverage(scene, x, y), texture = Texture(scene.TextureGrid, x, y);
            uint word = noise.Word();
            for (int c = 0; c < Channels; c++)
            {
                double ground = Ground(in scene.Background[c], x, y, texture);
                double colour = ground + coverage * (scene.Foreground[c] - ground);
                double deviation = scene.Noise * (((word >> (8 * c)) & 255) * (2.0 / 255) - 1);
                pixels[Channels * i + c] = (byte)Clamped(colour + deviation + 0.5, 255);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Ground(
        in (double Middle, double Right, double Down, double Texture) channel, double x, double y, double texture) =>
        channel.Middle + channel.Right * (x * (2.0 / Side) - 1) + channel.Down * (y * (2.0 / Side) - 1) + channel.Texture * texture;

    /// <summary>The figure's share of a pixel: its outline softened over one pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Coverage(ShapesScene scene, double x, double y)
    {
        double u = x - scene.Centre.X, v = y - scene.Centre.Y, reach = Reach * scene.Radius;
        if (u * u + v * v > reach * reach)
            return 0;
        (u, v) = (u / scene.Radius, v / scene.Radius);
        var (cosine, sine) = scene.Turn;
        double across = cosine * u + sine * v, down = cosine * v - sine * u;
        double distance = scene.Figure.Distance(scene.Mirrored ? -across : across, down);
        return Clamped(0.5 - distance * scene.Radius, 1);
    }

    /// <summary>The value brought into [0, most]; it is never NaN, which is what makes Math.Clamp slower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Clamped(double value, double most) => value < 0 ? 0 : value > most ? most : value;

    /// <summary>The grid's value at a pixel, linear between the nodes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Texture(double[] grid, double x, double y)
    {
        const int Nodes = ShapesScene.TextureNodes;
        double u = x * ((Nodes - 1.0) / Side), v = y * ((Nodes - 1.0) / Side);
        int left = (int)u, top = (int)v, at = top * Nodes + left;
        double right = u - left, below = v - top;
        double upper = grid[at] + right * (grid[at + 1] - grid[at]);
        double lower = grid[at + Nodes] + right * (grid[at + Nodes + 1] - grid[at + Nodes]);
        return upper + below * (lower - upper);
    }
}
