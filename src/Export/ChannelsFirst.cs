using ReSTE.Native.Packed;

namespace ReSTE.Native.Export;

/// <summary>Numbers of the packed form, channels last, in the order of ONNX and PyTorch, channels first.</summary>
internal static class ChannelsFirst
{
    private const int PerWord = 32;

    /// <summary>Rows of [pixels, channels] as rows of [channels, pixels].</summary>
    public static float[] Rows(float[] rows, int pixels, int channels)
    {
        var turned = new float[rows.Length];
        for (int row = 0; row < rows.Length; row += pixels * channels)
            for (int pixel = 0; pixel < pixels; pixel++)
                for (int channel = 0; channel < channels; channel++)
                    turned[row + channel * pixels + pixel] = rows[row + pixel * channels + channel];
        return turned;
    }

    /// <summary>The signs of a layer's weights as -1 and +1, [outputs, taps * inputs].</summary>
    public static float[] Signs(uint[] words, int outputs, int row)
    {
        var signs = new float[outputs * row];
        int perRow = PackedValues.WordsOf(row);
        for (int o = 0; o < outputs; o++)
            for (int i = 0; i < row; i++)
                signs[o * row + i] = (words[o * perRow + i / PerWord] >> (i % PerWord) & 1) == 0 ? 1 : -1;
        return signs;
    }

    /// <summary>Images [height, width, channels] as [channels, height, width].</summary>
    public static void Image(ReadOnlySpan<byte> pixels, PackedInput input, Span<byte> planes)
    {
        int size = input.Height * input.Width;
        for (int pixel = 0; pixel < size; pixel++)
            for (int channel = 0; channel < input.Channels; channel++)
                planes[channel * size + pixel] = pixels[pixel * input.Channels + channel];
    }
}
