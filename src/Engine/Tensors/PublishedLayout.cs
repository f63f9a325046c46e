namespace ReSTE.Native.Tensors;

/// <summary>
/// How files and PyTorch order a tensor. The published dimensions are <see cref="Shape"/>; seen as <c>view</c>, the engine's order is that
/// view with its axes permuted.
/// </summary>
internal sealed class PublishedLayout
{
    private readonly int[] _published;

    private PublishedLayout(PublishedLayout order, Shape engine) => (Shape, Engine, _published) = (order.Shape, engine, order._published);

    private PublishedLayout(Shape shape, int[] view, int[] axes, Shape? engine = null)
    {
        Shape = shape;
        Engine = engine ?? new Shape([.. axes.Select(a => view[a])]);
        _published = PublishedIndices(view, axes);
    }

    /// <summary>The published dimensions.</summary>
    public Shape Shape { get; }

    /// <summary>The engine's dimensions.</summary>
    public Shape Engine { get; }

    /// <summary>The same order in both.</summary>
    public static PublishedLayout Same(Shape shape)
    {
        int[] dimensions = shape.ToArray();
        return new PublishedLayout(shape, dimensions, [.. Enumerable.Range(0, dimensions.Length)]);
    }

    /// <summary>A convolution weight: published [O,I,KH,KW], engine [O,KH,KW,I].</summary>
    public static PublishedLayout Convolution(int outputs, int inputs, int kernel) =>
        new(new Shape(outputs, inputs, kernel, kernel), [outputs, inputs, kernel, kernel], [0, 2, 3, 1]);

    /// <summary>
    /// A linear weight over flattened images: published [O,C*H*W], its columns in the order in which PyTorch flattens, engine [O,H*W*C].
    /// </summary>
    public static PublishedLayout Flattened(int outputs, int height, int width, int channels)
    {
        int columns = checked(height * width * channels);
        return new PublishedLayout(new Shape(outputs, columns), [outputs, channels, height, width], [0, 2, 3, 1],
            new Shape(outputs, columns));
    }

    /// <summary>One number an element of flattened images: published [C*H*W] as PyTorch flattens, engine [H*W*C].</summary>
    public static PublishedLayout FlattenedVector(int height, int width, int channels)
    {
        var shape = new Shape(checked(height * width * channels));
        return new PublishedLayout(shape, [channels, height, width], [1, 2, 0], shape);
    }

    /// <summary>A linear weight [O,I] as the engine's weight of a 1x1 convolution, [O,1,1,I]; in files it stays what it is.</summary>
    public PublishedLayout AsConvolution() => Shape.Rank == 2
        ? new(this, new Shape(Shape[0], 1, 1, Shape[1]))
        : throw new ArgumentException($"expected [O,I], got {Shape}");

    /// <summary>From the engine's order to the published one.</summary>
    public double[] ToPublished(ReadOnlySpan<double> engine)
    {
        var published = new double[engine.Length];
        for (int i = 0; i < engine.Length; i++)
            published[_published[i]] = engine[i];
        return published;
    }

    /// <summary>From the published order to the engine's.</summary>
    public double[] ToEngine(ReadOnlySpan<double> published)
    {
        if (published.Length != Shape.Count)
            throw new ArgumentException($"expected {Shape.Count} numbers for {Shape}, got {published.Length}");
        var engine = new double[published.Length];
        for (int i = 0; i < engine.Length; i++)
            engine[i] = published[_published[i]];
        return engine;
    }

    private static int[] PublishedIndices(int[] view, int[] axes)
    {
        int[] strides = new int[view.Length];
        for (int axis = view.Length - 1, stride = 1; axis >= 0; stride *= view[axis--])
            strides[axis] = stride;

        var indices = new int[view.Aggregate(1, (a, b) => a * b)];
        var position = new int[axes.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            for (int j = 0; j < axes.Length; j++)
                indices[i] += position[j] * strides[axes[j]];
            for (int j = axes.Length - 1; j >= 0 && ++position[j] == view[axes[j]]; j--)
                position[j] = 0;
        }

        return indices;
    }
}
