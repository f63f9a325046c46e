using ReSTE.Native.Packed;

namespace ReSTE.Native.Inference.Tests;

/// <summary>A packed network in plain loops, as docs/packed-format.md has it: what every fast form is compared with, bit for bit.</summary>
internal static class PackedReference
{
    /// <summary>The scores of images one after the other.</summary>
    public static float[] Scores(PackedNetwork network, byte[] images) =>
        [.. images.Chunk(network.Input.Bytes).SelectMany(image => Run(network, image))];

    private static float[] Run(PackedNetwork network, byte[] image)
    {
        var values = new List<Volume> { Volume.Of(network.Input, image) };
        foreach (PackedLayer layer in network.Layers)
            values.Add(Layer(layer, values[layer.Input], values));
        return values[^1].Numbers;
    }

    private static Volume Layer(PackedLayer layer, Volume x, List<Volume> values) => layer switch
    {
        RealConv l => Real(l.Conv, x, l.Weights.Values, new float[l.Conv.Channels]),
        LinearLayer l => Real(new PackedConv(l.Bias.Length, 1, 1, 0), x, l.Weights.Values, l.Bias),
        SignConv l => Signs(l, x, values),
        NormLayer l => Finish(x, l.Activation, l.Norm, l.Added, values),
        ActivationLayer l => Finish(x, l.Activation, null, null, values),
        PadLayer l => Each((x.Height + 1) / 2, (x.Width + 1) / 2, l.Channels,
            (p, q, c) => c - (l.Channels - x.Channels) / 2 is var from && from >= 0 && from < x.Channels ? x[2 * p, 2 * q, from] : 0),
        MaxPoolLayer l => Each((x.Height + 2 * l.Padding - l.Size) / l.Stride + 1, (x.Width + 2 * l.Padding - l.Size) / l.Stride + 1,
            x.Channels, (p, q, c) => Window(l.Size).Max(at =>
                x.Find(p * l.Stride - l.Padding + at.Row, q * l.Stride - l.Padding + at.Column, c) ?? float.NegativeInfinity)),
        AveragePoolLayer { Size: 0 } => Each(1, 1, x.Channels, (_, _, c) => Mean(
            from row in Enumerable.Range(0, x.Height) from column in Enumerable.Range(0, x.Width) select x[row, column, c])),
        AveragePoolLayer l => Each(x.Height / l.Size, x.Width / l.Size, x.Channels,
            (p, q, c) => Mean(Window(l.Size).Select(at => x[p * l.Size + at.Row, q * l.Size + at.Column, c]))),
        FlattenLayer => new Volume(1, 1, x.Numbers.Length, x.Numbers),
        _ => throw new ArgumentException(layer.Name),
    };

    private static Volume Real(PackedConv conv, Volume x, float[] weights, float[] bias) => Convolved(conv, x, (o, taps) =>
    {
        double sum = 0;
        foreach (var (tap, value) in taps)
            sum += (double)value * weights[o * conv.Kernel * conv.Kernel * x.Channels + tap];
        return (float)(sum + bias[o]);
    });

    private static Volume Signs(SignConv l, Volume x, List<Volume> values)
    {
        int row = (l.Conv.Kernel * l.Conv.Kernel * x.Channels + 31) / 32;
        Volume counts = Convolved(l.Conv, x, (o, taps) => taps.Sum(tap =>
            (tap.Value < 0 ? -1 : 1) * ((l.Signs[o * row + tap.Tap / 32] >> (tap.Tap % 32) & 1) != 0 ? -1 : 1)));
        if (l.Result is CountSigns signs)
            return Each(counts.Height, counts.Width, counts.Channels,
                (p, q, o) => counts[p, q, o] <= signs.Bounds[o] != ((signs.Flips[o / 32] >> (o % 32) & 1) != 0) ? -1 : 1);
        var numbers = (CountNumbers)l.Result;
        Volume scaled = Each(counts.Height, counts.Width, counts.Channels,
            (p, q, o) => counts[p, q, o] * numbers.Scale[numbers.Scale.Length == 1 ? 0 : o]);
        return Finish(scaled, numbers.Activation, numbers.Norm, numbers.Added, values);
    }

    private static Volume Finish(Volume x, PackedActivation activation, Normalisation? norm, int? added, List<Volume> values) =>
        Each(x.Height, x.Width, x.Channels, (p, q, c) =>
        {
            float y = activation switch
            {
                PackedActivation.Relu => Math.Max(x[p, q, c], 0),
                PackedActivation.HardTanh => Math.Clamp(x[p, q, c], -1, 1),
                _ => x[p, q, c],
            };
            if (norm != null)
            {
                float centred = y - norm.Mean[c];
                y = (float)((double)centred * norm.Factor[c] + norm.Shift[c]);
            }

            return added is { } value ? y + values[value][p, q, c] : y;
        });

    /// <summary>Each output of its taps inside the image, in the order row, column, channel.</summary>
    private static Volume Convolved(PackedConv conv, Volume x, Func<int, IEnumerable<(int Tap, float Value)>, float> output) =>
        Each((x.Height + 2 * conv.Padding - conv.Kernel) / conv.Stride + 1, (x.Width + 2 * conv.Padding - conv.Kernel) / conv.Stride + 1,
            conv.Channels, (p, q, o) => output(o,
                from at in Window(conv.Kernel)
                from i in Enumerable.Range(0, x.Channels)
                let value = x.Find(p * conv.Stride - conv.Padding + at.Row, q * conv.Stride - conv.Padding + at.Column, i)
                where value != null
                select ((at.Row * conv.Kernel + at.Column) * x.Channels + i, value.Value)));

    private static IEnumerable<(int Row, int Column)> Window(int size) =>
        from row in Enumerable.Range(0, size) from column in Enumerable.Range(0, size) select (row, column);

    private static float Mean(IEnumerable<float> values)
    {
        double sum = 0;
        int count = 0;
        foreach (float value in values)
            (sum, count) = (sum + value, count + 1);
        return (float)(sum / count);
    }

    private static Volume Each(int height, int width, int channels, Func<int, int, int, float> number)
    {
        var numbers = new float[height * width * channels];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = number(i / channels / width, i / channels % width, i % channels);
        return new Volume(height, width, channels, numbers);
    }

    /// <summary>A value, [height, width, channels].</summary>
    private sealed record Volume(int Height, int Width, int Channels, float[] Numbers)
    {
        public float this[int row, int column, int channel] => Numbers[(row * Width + column) * Channels + channel];

        public float? Find(int row, int column, int channel) =>
            row >= 0 && row < Height && column >= 0 && column < Width ? this[row, column, channel] : null;

        public static Volume Of(PackedInput input, byte[] image) => Each(input.Height, input.Width, input.Channels, (p, q, c) =>
        {
            float scaled = image[(p * input.Width + q) * input.Channels + c] * input.Scale[c];
            return scaled + input.Shift[c];
        });
    }
}
