using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Tests;

/// <summary>A packed network by its definition: plain loops, in the stated order, one image at a time. Slow.</summary>
internal static class PackedReference
{
    /// <summary>The scores of images one after the other.</summary>
    public static float[][] Logits(PackedNetwork network, ReadOnlySpan<byte> images)
    {
        int bytes = network.Input.Bytes;
        var logits = new float[images.Length / bytes][];
        for (int n = 0; n < logits.Length; n++)
            logits[n] = Logits(network, images.Slice(n * bytes, bytes).ToArray());
        return logits;
    }

    private static float[] Logits(PackedNetwork network, byte[] image)
    {
        PackedInput input = network.Input;
        var values = new List<Plane> { new(input.Height, input.Width, input.Channels) };
        for (int i = 0; i < image.Length; i++)
        {
            float product = image[i] * input.Scale[i % input.Channels];
            values[0].X[i] = Rounded(product) + input.Shift[i % input.Channels];
        }

        foreach (PackedLayer layer in network.Layers)
            values.Add(Of(layer, values[layer.Input], values));
        return values[^1].X;
    }

    private static Plane Of(PackedLayer layer, Plane x, List<Plane> values) => layer switch
    {
        RealConv l => Convolved(x, l.Conv, (p, q, o) => Sum(l, x, p, q, o)),
        SignConv { Result: CountSigns signs } l => Convolved(x, l.Conv, (p, q, o) => Sign(signs, o, Count(l, x, p, q, o))),
        SignConv { Result: CountNumbers numbers } l => Finished(
            Convolved(x, l.Conv, (p, q, o) => Rounded(Count(l, x, p, q, o) * numbers.Scale[numbers.Scale.Length == 1 ? 0 : o])),
            numbers.Activation, numbers.Norm, numbers.Added is { } added ? values[added] : null),
        NormLayer l => Finished(x, l.Activation, l.Norm, l.Added is { } added ? values[added] : null),
        ActivationLayer l => Finished(x, l.Activation, null, null),
        PadLayer l => Padded(x, l.Channels),
        MaxPoolLayer l => Largest(l, x),
        AveragePoolLayer l => Mean(l, x),
        FlattenLayer => new Plane(1, 1, x.X.Length) { X = x.X },
        LinearLayer l => Linear(l, x),
        _ => throw new InvalidOperationException(layer.Name),
    };

    private static Plane Convolved(Plane x, PackedConv conv, Func<int, int, int, float> of)
    {
        int Size(int size) => (size + 2 * conv.Padding - conv.Kernel) / conv.Stride + 1;
        var y = new Plane(Size(x.Height), Size(x.Width), conv.Channels);
        y.Fill(of);
        return y;
    }

    private static float Sum(RealConv l, Plane x, int p, int q, int o)
    {
        double sum = 0;
        int kernel = l.Conv.Kernel, at = o * kernel * kernel * x.Channels;
        for (int a = 0; a < kernel; a++)
            for (int b = 0; b < kernel; b++)
                for (int c = 0; c < x.Channels; c++, at++)
                {
                    int row = p * l.Conv.Stride - l.Conv.Padding + a, column = q * l.Conv.Stride - l.Conv.Padding + b;
                    if (x.Has(row, column))
                        sum += (double)x[row, column, c] * l.Weights.Values[at];
                }

        return (float)sum;
    }

    private static int Count(SignConv l, Plane x, int p, int q, int o)
    {
        int kernel = l.Conv.Kernel, taps = kernel * kernel * x.Channels, words = (taps + 31) / 32, bit = 0, count = 0;
        for (int a = 0; a < kernel; a++)
            for (int b = 0; b < kernel; b++)
            {
                int row = p * l.Conv.Stride - l.Conv.Padding + a, column = q * l.Conv.Stride - l.Conv.Padding + b;
                if (!x.Has(row, column))
                {
                    bit += x.Channels;
                    continue;
                }

                for (int c = 0; c < x.Channels; c++, bit++)
                {
                    uint isMinus = x[row, column, c] < 0 ? 1u : 0;
                    count += 1 - 2 * (int)((l.Signs[o * words + bit / 32] >> bit ^ isMinus) & 1);
                }
            }

        return count;
    }

    private static float Sign(CountSigns signs, int o, int count) =>
        count <= signs.Bounds[o] != ((signs.Flips[o / 32] >> (o % 32) & 1) != 0) ? -1 : 1;

    private static Plane Finished(Plane x, PackedActivation activation, Normalisation? norm, Plane? added)
    {
        var y = new Plane(x.Height, x.Width, x.Channels);
        y.Fill((p, q, c) =>
        {
            float v = x[p, q, c];
            if (activation == PackedActivation.Relu)
                v = v > 0 ? v : 0;
            if (activation == PackedActivation.HardTanh)
                v = v > 1 ? 1 : v < -1 ? -1 : v;
            if (norm != null)
                v = (float)((double)Rounded(v - norm.Mean[c]) * norm.Factor[c] + norm.Shift[c]);
            return added == null ? v : v + added[p, q, c];
        });
        return y;
    }

    private static Plane Padded(Plane x, int channels)
    {
        int side = (channels - x.Channels) / 2;
        var y = new Plane((x.Height + 1) / 2, (x.Width + 1) / 2, channels);
        y.Fill((p, q, c) => c < side || c >= side + x.Channels ? 0 : x[2 * p, 2 * q, c - side]);
        return y;
    }

    private static Plane Largest(MaxPoolLayer l, Plane x)
    {
        int Size(int size) => (size + 2 * l.Padding - l.Size) / l.Stride + 1;
        var y = new Plane(Size(x.Height), Size(x.Width), x.Channels);
        y.Fill((p, q, c) =>
        {
            float best = float.NegativeInfinity;
            for (int a = p * l.Stride - l.Padding; a < p * l.Stride - l.Padding + l.Size; a++)
                for (int b = q * l.Stride - l.Padding; b < q * l.Stride - l.Padding + l.Size; b++)
                    if (x.Has(a, b) && x[a, b, c] > best)
                        best = x[a, b, c];
            return best;
        });
        return y;
    }

    private static Plane Mean(AveragePoolLayer l, Plane x)
    {
        int height = l.Size == 0 ? x.Height : l.Size, width = l.Size == 0 ? x.Width : l.Size;
        var y = new Plane(x.Height / height, x.Width / width, x.Channels);
        y.Fill((p, q, c) =>
        {
            double sum = 0;
            for (int a = p * height; a < (p + 1) * height; a++)
                for (int b = q * width; b < (q + 1) * width; b++)
                    sum += x[a, b, c];
            return (float)(sum / (height * width));
        });
        return y;
    }

    private static Plane Linear(LinearLayer l, Plane x)
    {
        var y = new Plane(1, 1, l.Bias.Length);
        y.Fill((_, _, o) =>
        {
            double sum = 0;
            for (int i = 0; i < x.Channels; i++)
                sum += (double)x.X[i] * l.Weights.Values[o * x.Channels + i];
            return (float)(sum + l.Bias[o]);
        });
        return y;
    }

    // A conversion, which the runtime does not carry more digits through.
    private static float Rounded(double value) => (float)value;

    private sealed record Plane(int Height, int Width, int Channels)
    {
        public float[] X { get; init; } = new float[Height * Width * Channels];

        public float this[int row, int column, int channel] => X[(row * Width + column) * Channels + channel];

        public bool Has(int row, int column) => row >= 0 && row < Height && column >= 0 && column < Width;

        public void Fill(Func<int, int, int, float> of)
        {
            for (int i = 0; i < X.Length; i++)
                X[i] = of(i / Channels / Width, i / Channels % Width, i % Channels);
        }
    }
}
