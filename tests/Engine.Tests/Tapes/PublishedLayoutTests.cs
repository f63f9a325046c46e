using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Tapes;

public sealed class PublishedLayoutTests
{
    // Published order o,i,kh,kw counts up; the engine walks o,kh,kw,i.
    [Fact]
    public void A_convolution_weight_is_channels_last_in_the_engine()
    {
        PublishedLayout layout = PublishedLayout.Convolution(outputs: 2, inputs: 3, kernel: 2);
        Assert.Equal(new Shape(2, 3, 2, 2), layout.Shape);
        Assert.Equal(new Shape(2, 2, 2, 3), layout.Engine);
        double[] published = [.. Enumerable.Range(0, 24)];
        double[] engine = [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, 12, 16, 20, 13, 17, 21, 14, 18, 22, 15, 19, 23];
        Assert.Equal(engine, layout.ToEngine(published));
        Assert.Equal(published, layout.ToPublished(engine));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 7, 3)]
    [InlineData(33, 2, 1)]
    [InlineData(1, 65, 5)]
    public void Every_weight_comes_back(int outputs, int inputs, int kernel)
    {
        PublishedLayout layout = PublishedLayout.Convolution(outputs, inputs, kernel);
        double[] values = [.. Enumerable.Range(0, (int)layout.Shape.Count)];
        double[] engine = layout.ToEngine(values);
        Assert.Equal(values, layout.ToPublished(engine));
        for (int i = 0; i < values.Length; i++)
        {
            int taps = kernel * kernel, o = i / (inputs * taps), c = i / taps % inputs, tap = i % taps;
            Assert.Equal(values[i], engine[((o * taps) + tap) * inputs + c]);
        }
    }

    [Fact]
    public void Everything_else_lies_as_published()
    {
        PublishedLayout layout = PublishedLayout.Same(new Shape(2, 3));
        double[] values = [1, 2, 3, 4, 5, 6];
        Assert.Equal(values, layout.ToEngine(values));
        Assert.Equal(values, layout.ToPublished(values));
    }

    [Fact]
    public void A_wrong_number_of_values_is_refused() => Assert.Contains(
        "expected 6 numbers for [2,3], got 5",
        Assert.Throws<ArgumentException>(() => PublishedLayout.Same(new Shape(2, 3)).ToEngine(new double[5])).Message,
        StringComparison.Ordinal);
}
