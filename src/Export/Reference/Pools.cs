using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Reference;

/// <summary>The layers of the packed form that only choose and average, in plain loops; all images are [height, width, channels].</summary>
internal static class Pools
{
    /// <summary>Option A shortcut.</summary>
    public static void Pad(float[] x, ValueShape shape, float[] y, int channels)
    {
        int side = (channels - shape.Channels) / 2, width = (shape.Width + 1) / 2;
        for (int pixel = 0; pixel < y.Length / channels; pixel++)
        {
            int from = (pixel / width * 2 * shape.Width + pixel % width * 2) * shape.Channels;
            Array.Copy(x, from, y, pixel * channels + side, shape.Channels);
        }
    }

    /// <summary>The largest number of each window.</summary>
    public static void Max(float[] x, ValueShape shape, float[] y, ValueShape pooled, MaxPoolLayer l)
    {
        Array.Fill(y, float.NegativeInfinity);
        for (int at = 0; at < y.Length; at++)
        {
            int pixel = at / pooled.Channels, channel = at % pooled.Channels;
            int top = pixel / pooled.Width * l.Stride - l.Padding, left = pixel % pooled.Width * l.Stride - l.Padding;
            for (int row = Math.Max(top, 0); row < Math.Min(top + l.Size, shape.Height); row++)
                for (int column = Math.Max(left, 0); column < Math.Min(left + l.Size, shape.Width); column++)
                    y[at] = Math.Max(y[at], x[(row * shape.Width + column) * shape.Channels + channel]);
        }
    }

    /// <summary>The mean of each window; of size 0 of the image.</summary>
    public static void Average(float[] x, ValueShape shape, float[] y, ValueShape pooled, int size)
    {
        var (rows, columns) = size == 0 ? (shape.Height, shape.Width) : (size, size);
        for (int at = 0; at < y.Length; at++)
        {
            int pixel = at / pooled.Channels, channel = at % pooled.Channels;
            double sum = 0;
            for (int row = pixel / pooled.Width * rows, last = row + rows; row < last; row++)
                for (int column = pixel % pooled.Width * columns, end = column + columns; column < end; column++)
                    sum += x[(row * shape.Width + column) * shape.Channels + channel];
            y[at] = (float)(sum / (rows * columns));
        }
    }
}
