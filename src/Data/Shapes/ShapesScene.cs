namespace ReSTE.Native.Data.Shapes;

/// <summary>Everything that is random about an image except its noise's single values. Lengths in pixels, colours 0 to 255.</summary>
internal sealed record ShapesScene(ShapesPart Part, int Index, Figure Figure)
{
    /// <summary>Nodes on a side of the background's texture; between them it is interpolated.</summary>
    public const int TextureNodes = 5;

    private const double SmallestRadius = 8.5, LargestRadius = 12, Margin = 0.5;

    // tan(15 degrees): turns of up to 30 degrees either way.
    private const double LargestHalfTangent = 0.2679491924311227;
    private const double SmallestContrast = 96, LargestContrast = 144, Slope = 18, Texture = 16, LeastNoise = 4, MostNoise = 12;

    /// <summary>Half the figure's size; the bar's thickness is 0.28 of it, and no other half width or height is below 0.7.</summary>
    public required double Radius { get; init; }

    public required (double X, double Y) Centre { get; init; }

    public required (double Cosine, double Sine) Turn { get; init; }

    public required bool Mirrored { get; init; }

    /// <summary>The figure's colour: at least 96 brighter than the background's middle in every channel, or darker in every one.</summary>
    public required double[] Foreground { get; init; }

    /// <summary>The background's colour in the middle, and how much each channel rises from there to the right and lower border.</summary>
    public required (double Middle, double Right, double Down, double Texture)[] Background { get; init; }

    /// <summary>Values in [-1, 1] on a grid over the image, row by row; a channel adds its share of them.</summary>
    public required double[] TextureGrid { get; init; }

    /// <summary>Largest absolute value of the noise added to each value.</summary>
    public required double Noise { get; init; }

    /// <summary>Each run of ten images holds every class once, in an order shifted at random.</summary>
    public static int Label(ShapesPart part, int index)
    {
        int classes = Figures.All.Count;
        return (index + new ShapesRandom(part, index / classes, ShapesRandom.Purpose.Order).Below(classes)) % classes;
    }

    public static ShapesScene Draw(ShapesPart part, int index)
    {
        var random = new ShapesRandom(part, index, ShapesRandom.Purpose.Scene);
        double radius = random.Between(SmallestRadius, LargestRadius), near = radius + Margin, far = ShapesPainter.Side - near;
        var centre = (random.Between(near, far), random.Between(near, far));
        var turn = Rotation(random.Between(-LargestHalfTangent, LargestHalfTangent));
        bool mirrored = random.Below(2) == 1, inverse = random.Below(2) == 1;
        var background = new (double, double, double, double)[ShapesPainter.Channels];
        double[] foreground = new double[ShapesPainter.Channels];
        for (int c = 0; c < ShapesPainter.Channels; c++)
        {
            double contrast = random.Between(SmallestContrast, LargestContrast);
            double dark = random.Between(0, 255 - contrast), bright = dark + contrast;
            foreground[c] = inverse ? dark : bright;
            double right = random.Between(-Slope, Slope), down = random.Between(-Slope, Slope), texture = random.Between(-Texture, Texture);
            background[c] = (inverse ? bright : dark, right, down, texture);
        }

        double[] grid = new double[TextureNodes * TextureNodes];
        for (int i = 0; i < grid.Length; i++)
            grid[i] = random.Between(-1, 1);
        return new ShapesScene(part, index, Figures.All[Label(part, index)])
        {
            Radius = radius,
            Centre = centre,
            Turn = turn,
            Mirrored = mirrored,
            Foreground = foreground,
            Background = background,
            TextureGrid = grid,
            Noise = random.Between(LeastNoise, MostNoise),
        };
    }

    /// <summary>Cosine and sine from the half angle's tangent: only operations that IEEE 754 rounds exactly.</summary>
    private static (double Cosine, double Sine) Rotation(double t) => ((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t));
}
