using System.Numerics;
using System.Runtime.CompilerServices;

namespace ReSTE.Native.Data.Shapes;

/// <summary>
/// Turns a scene into bytes, some pixels of a row at once. Every operation is one that IEEE 754 rounds exactly, in a fixed order and never
/// fused, so the bytes are the same on every machine. The inner loops are optimised on their first call, for a set is drawn once, at start:
/// tiering up comes too late.
/// </summary>
internal static class ShapesPainter
{
    public const int Side = 32, Channels = 3;

    // In radii: the hourglass's corners lie at 1.17, and half a pixel of soft outline is at most 0.06.
    private const double Reach = 1.3;
    private const int Nodes = ShapesScene.TextureNodes, Bytes = 256;
    private const double NodesPerPixel = (Nodes - 1.0) / Side;

    /// <summary>Writes the image as [height, width, channels].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Paint(ShapesScene scene, Span<byte> pixels)
    {
        var noise = new ShapesRandom(scene.Part, scene.Index, ShapesRandom.Purpose.Noise);
        Span<double> deviations = stackalloc double[Bytes], texture = stackalloc double[Nodes * Side];
        Span<double> colours = stackalloc double[Channels * Side];
        for (int i = 0; i < Bytes; i++)
            deviations[i] = scene.Noise * (i * (2.0 / 255) - 1);
        Texture(scene.TextureGrid, texture);
        for (int row = 0; row < Side; row++)
        {
            Colours(scene, row, texture, colours);
            var line = pixels.Slice(row * Side * Channels, Side * Channels);
            for (int x = 0; x < Side; x++)
            {
                uint word = noise.Word();
                for (int c = 0; c < Channels; c++)
                    line[Channels * x + c] = (byte)Clamped(colours[c * Side + x] + deviations[(int)(word >> (8 * c)) & 255] + 0.5, 255);
            }
        }
    }

    /// <summary>The colours of a row of pixels without noise, channel by channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Colours(ShapesScene scene, int row, ReadOnlySpan<double> texture, Span<double> colours)
    {
        double y = row + 0.5, node = y * NodesPerPixel, slope = y * (2.0 / Side) - 1;
        int top = (int)node;
        Vector<double> below = new(node - top);
        for (int first = 0; first < Side; first += Vector<double>.Count)
        {
            var x = Vector.CreateSequence(first + 0.5, 1.0);
            Vector<double> upper = new(texture[(top * Side + first)..]), lower = new(texture[((top + 1) * Side + first)..]);
            Vector<double> uneven = upper + below * (lower - upper), coverage = Coverage(scene, x, y);
            var across = x * new Vector<double>(2.0 / Side) - Vector<double>.One;
            for (int c = 0; c < Channels; c++)
            {
                var (middle, right, down, share) = scene.Background[c];
                var ground = new Vector<double>(middle) + new Vector<double>(right) * across + new Vector<double>(down * slope)
                    + new Vector<double>(share) * uneven;
                var colour = ground + coverage * (new Vector<double>(scene.Foreground[c]) - ground);
                colour.CopyTo(colours[(c * Side + first)..]);
            }
        }
    }

    /// <summary>The figure's share of pixels: its outline softened over one pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector<double> Coverage(ShapesScene scene, Vector<double> x, double y)
    {
        double reach = Reach * scene.Radius;
        Vector<double> u = x - new Vector<double>(scene.Centre.X), v = new(y - scene.Centre.Y), radius = new(scene.Radius);
        var far = Vector.GreaterThan(u * u + v * v, new Vector<double>(reach * reach));
        if (far == Vector<long>.AllBitsSet)
            return Vector<double>.Zero;
        (u, v) = (u / radius, v / radius);
        Vector<double> cosine = new(scene.Turn.Cosine), sine = new(scene.Turn.Sine);
        Vector<double> across = cosine * u + sine * v, down = cosine * v - sine * u;
        var distance = scene.Figure.Distance(scene.Mirrored ? -across : across, down);
        var share = Vector.Max(new Vector<double>(0.5) - distance * radius, Vector<double>.Zero);
        return Vector.ConditionalSelect(far, Vector<double>.Zero, Vector.Min(share, Vector<double>.One));
    }

    /// <summary>The value brought into [0, most]; it is never NaN, which is what makes Math.Clamp slower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Clamped(double value, double most) => value < 0 ? 0 : value > most ? most : value;

    /// <summary>Each row of the grid at the middles of a row of pixels, linear between the nodes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Texture(double[] grid, Span<double> texture)
    {
        for (int row = 0; row < Nodes; row++)
        {
            for (int x = 0; x < Side; x++)
            {
                double u = (x + 0.5) * NodesPerPixel;
                int left = (int)u, at = row * Nodes + left;
                texture[row * Side + x] = grid[at] + (u - left) * (grid[at + 1] - grid[at]);
            }
        }
    }
}
