using System.Numerics;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Reference;

/// <summary>A convolution of signs in plain loops over words of 64 signs.</summary>
internal sealed class SignConvRun
{
    private const int PerWord = 64;

    private readonly SignConv _layer;
    private readonly ValueShape _input;
    private readonly CountExpression[] _numbers;
    private readonly int _words;
    private readonly ulong[] _weights, _signs;

    public SignConvRun(SignConv layer, ValueShape input)
    {
        (_layer, _input) = (layer, input);
        _numbers = [.. Enumerable.Range(0, layer.Conv.Channels).Select(o => new CountExpression((CountNumbers)layer.Result, o))];
        int taps = layer.Conv.Kernel * layer.Conv.Kernel;
        _words = (input.Channels + PerWord - 1) / PerWord;
        _signs = new ulong[input.Height * input.Width * _words];
        float[] weights = ChannelsFirst.Signs(layer.Signs, layer.Conv.Channels, taps * input.Channels);
        _weights = new ulong[layer.Conv.Channels * taps * _words];
        Pack(weights, _weights);
    }

    /// <summary>Computes it.</summary>
    /// <param name="x">[height, width, channels].</param>
    /// <param name="y">Its result.</param>
    /// <param name="added">What is added to that; null for nothing.</param>
    public void Of(float[] x, float[] y, float[]? added)
    {
        Pack(x, _signs);
        PackedConv c = _layer.Conv;
        int width = c.Along(_input.Width);
        Span<int> pixels = stackalloc int[c.Kernel * c.Kernel], taps = stackalloc int[c.Kernel * c.Kernel];
        for (int pixel = 0; pixel < y.Length / c.Channels; pixel++)
        {
            int valid = Taps(pixel / width * c.Stride - c.Padding, pixel % width * c.Stride - c.Padding, pixels, taps);
            for (int o = 0; o < c.Channels; o++)
            {
                int at = pixel * c.Channels + o;
                y[at] = _numbers[o].Of(valid * _input.Channels - 2 * Differences(pixels[..valid], taps, o * c.Kernel * c.Kernel));
                if (added != null)
                    y[at] += added[at];
            }
        }
    }

    // Which pixels lie under which taps.
    private int Taps(int top, int left, Span<int> pixels, Span<int> taps)
    {
        int valid = 0;
        for (int tap = 0; tap < taps.Length; tap++)
        {
            int row = top + tap / _layer.Conv.Kernel, column = left + tap % _layer.Conv.Kernel;
            if (row < 0 || row >= _input.Height || column < 0 || column >= _input.Width)
                continue;
            (pixels[valid], taps[valid]) = ((row * _input.Width + column) * _words, tap);
            valid++;
        }

        return valid;
    }

    private int Differences(ReadOnlySpan<int> pixels, ReadOnlySpan<int> taps, int first)
    {
        int differences = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            ReadOnlySpan<ulong> x = _signs.AsSpan(pixels[i], _words), w = _weights.AsSpan((first + taps[i]) * _words, _words);
            for (int word = 0; word < x.Length; word++)
                differences += BitOperations.PopCount(x[word] ^ w[word]);
        }

        return differences;
    }

    // A row of words for each pixel or tap; bit set where below 0.
    private void Pack(float[] values, ulong[] words)
    {
        Array.Clear(words);
        for (int pixel = 0; pixel < words.Length / _words; pixel++)
            for (int channel = 0; channel < _input.Channels; channel++)
            {
                if (values[pixel * _input.Channels + channel] < 0)
                    words[pixel * _words + channel / PerWord] |= 1ul << (channel % PerWord);
            }
    }
}
