namespace ReSTE.Native.Images.Resizing;

/// <summary>
/// The resize in its plainest form: two passes in fixed point, along rows first, with bytes between them, as Pillow defines it. The fast
/// form is held to it bit for bit.
/// </summary>
internal static class BilinearDefinition
{
    private const int Channels = 3;

    /// <summary>Resizes into [height, width, 3] bytes of the plan's window.</summary>
    public static void Resize(ImageBuffer image, ResizePlan plan, Span<byte> to)
    {
        var (columns, rows) = (new Taps(), new Taps());
        columns.Set(plan.Source.Width, plan.Width, plan.Window.Left, plan.Window.Width);
        rows.Set(plan.Source.Height, plan.Height, plan.Window.Top, plan.Window.Height);
        int width = plan.Window.Width;
        var between = new byte[plan.Source.Height * width * Channels];
        for (int y = 0; y < plan.Source.Height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < Channels; c++)
                {
                    int sum = Taps.Half;
                    for (int k = 0; k < columns.Count[x]; k++)
                    {
                        int column = plan.Source.Left + columns.First[x] + k;
                        sum += Pixel(image, plan.Source.Top + y, column, c) * columns.Weights[x * columns.Stride + k];
                    }
                    between[(y * width + x) * Channels + c] = (byte)(sum >> Taps.Precision);
                }
        for (int y = 0; y < plan.Window.Height; y++)
            for (int at = 0; at < width * Channels; at++)
            {
                int sum = Taps.Half;
                for (int k = 0; k < rows.Count[y]; k++)
                    sum += between[(rows.First[y] + k) * width * Channels + at] * rows.Weights[y * rows.Stride + k];
                to[y * width * Channels + at] = (byte)(sum >> Taps.Precision);
            }
    }

    private static int Pixel(ImageBuffer image, int row, int column, int channel) =>
        image.Pixels[(row * image.Width + column) * ImageBuffer.PixelBytes + channel];
}
