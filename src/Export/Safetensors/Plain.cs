using System.Numerics;
using System.Runtime.InteropServices;
using ReSTE.Native.Networks;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Export.Safetensors;

/// <summary>Layers in plain float32, of one image [C,H,W]; shapes are the engine's [H,W,C].</summary>
internal static class Plain
{
    /// <summary>-1 where a number is below 0, +1 elsewhere.</summary>
    public static float[] Signs(float[] x) => Array.ConvertAll(x, value => value < 0 ? -1f : 1f);

    /// <summary>A pointwise function.</summary>
    public static float[] Activate(float[] x, Activation activation) => activation switch
    {
        Activation.Relu => Array.ConvertAll(x, value => Math.Max(value, 0)),
        Activation.HardTanh => Array.ConvertAll(x, value => Math.Clamp(value, -1, 1)),
        _ => x,
    };

    /// <summary>x times one number, or one a channel.</summary>
    public static float[] Scale(float[] x, float[] scale, int channels)
    {
        for (int i = 0; i < x.Length; i++)
            x[i] *= scale[scale.Length == 1 ? 0 : i / (x.Length / channels)];
        return x;
    }

    /// <summary>Convolution with zero padding: a row of pixels for each weight, then sums of rows.</summary>
    public static float[] Conv(float[] x, Shape shape, float[] weights, in ConvSizes c)
    {
        int height = (shape[0] + 2 * c.Padding - c.Kernel) / c.Stride + 1, width = (shape[1] + 2 * c.Padding - c.Kernel) / c.Stride + 1;
        int pixels = height * width, taps = c.Kernel * c.Kernel, row = shape[2] * taps, plane = shape[0] * shape[1];
        var windows = new float[row * pixels];
        for (int i = 0; i < row; i++)
            Window(x.AsSpan(i / taps * plane, plane), shape, windows.AsSpan(i * pixels, pixels), width, i % taps, c);
        var sums = new float[c.Channels * pixels];
        for (int o = 0; o < c.Channels; o++)
            for (int i = 0; i < row; i++)
                AddScaled(windows.AsSpan(i * pixels, pixels), weights[o * row + i], sums.AsSpan(o * pixels, pixels));
        return sums;
    }

    // What a tap of the kernel sees of a plane, for each pixel of the result.
    private static void Window(ReadOnlySpan<float> x, Shape shape, Span<float> window, int width, int tap, in ConvSizes c)
    {
        int top = tap / c.Kernel - c.Padding, left = tap % c.Kernel - c.Padding, columns = shape[1];
        for (int y = top; !window.IsEmpty; y += c.Stride, window = window[width..])
        {
            if (y < 0 || y >= shape[0])
                continue;
            ReadOnlySpan<float> line = x.Slice(y * columns, columns);
            for (int i = 0, column = left; i < width; i++, column += c.Stride)
                window[i] = column >= 0 && column < columns ? line[column] : 0;
        }
    }

    private static void AddScaled(ReadOnlySpan<float> x, float w, Span<float> y)
    {
        ReadOnlySpan<Vector<float>> from = MemoryMarshal.Cast<float, Vector<float>>(x);
        Span<Vector<float>> to = MemoryMarshal.Cast<float, Vector<float>>(y);
        for (int i = 0; i < to.Length; i++)
            to[i] += from[i] * w;
        for (int i = to.Length * Vector<float>.Count; i < y.Length; i++)
            y[i] += x[i] * w;
    }

    /// <summary>Linear layer.</summary>
    public static float[] Linear(float[] x, float[] weights, float[] bias)
    {
        var y = new float[bias.Length];
        for (int o = 0; o < y.Length; o++)
        {
            for (int i = 0; i < x.Length; i++)
                y[o] += x[i] * weights[o * x.Length + i];
            y[o] += bias[o];
        }

        return y;
    }

    /// <summary>Option A shortcut.</summary>
    public static float[] Pad(float[] x, Shape shape, int channels)
    {
        int height = (shape[0] + 1) / 2, width = (shape[1] + 1) / 2, side = (channels - shape[2]) / 2;
        var y = new float[channels * height * width];
        for (int at = 0; at < shape[2] * height * width; at++)
        {
            int channel = at / (height * width), row = at / width % height * 2, column = at % width * 2;
            y[side * height * width + at] = x[(channel * shape[0] + row) * shape[1] + column];
        }

        return y;
    }

    /// <summary>The largest number of each window.</summary>
    public static float[] MaxPool(float[] x, Shape shape, Shape pooled, PoolWindow window)
    {
        var y = new float[pooled.Count];
        Array.Fill(y, float.NegativeInfinity);
        for (int at = 0; at < y.Length; at++)
        {
            int channel = at / (pooled[0] * pooled[1]);
            int top = at / pooled[1] % pooled[0] * window.Stride - window.Padding, left = at % pooled[1] * window.Stride - window.Padding;
            for (int row = Math.Max(top, 0); row < Math.Min(top + window.Size, shape[0]); row++)
                for (int column = Math.Max(left, 0); column < Math.Min(left + window.Size, shape[1]); column++)
                    y[at] = Math.Max(y[at], x[(channel * shape[0] + row) * shape[1] + column]);
        }

        return y;
    }

    /// <summary>The mean of each window, or of the image.</summary>
    public static float[] AveragePool(float[] x, Shape shape, int? size)
    {
        var (rows, columns) = size is { } side ? (side, side) : (shape[0], shape[1]);
        int height = shape[0] / rows, width = shape[1] / columns;
        var y = new float[shape[2] * height * width];
        for (int at = 0; at < x.Length; at++)
        {
            int channel = at / (shape[0] * shape[1]), row = at / shape[1] % shape[0] / rows, column = at % shape[1] / columns;
            y[(channel * height + row) * width + column] += x[at];
        }

        return Array.ConvertAll(y, sum => sum / (rows * columns));
    }
}
