using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Reference;

/// <summary>A full-precision convolution in double, in the packed form's order of taps, all outputs of a pixel side by side.</summary>
internal sealed class RealConvRun
{
    private readonly RealConv _layer;
    private readonly ValueShape _input;
    private readonly double[] _weights, _sums;

    public RealConvRun(RealConv layer, ValueShape input)
    {
        (_layer, _input) = (layer, input);
        _sums = new double[layer.Conv.Channels];
        float[] rows = layer.Weights.Values;
        int row = rows.Length / layer.Conv.Channels;
        _weights = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            _weights[i % row * layer.Conv.Channels + i / row] = rows[i];
    }

    /// <summary>Computes it.</summary>
    /// <param name="x">[height, width, channels].</param>
    /// <param name="y">Its result.</param>
    public void Of(float[] x, float[] y)
    {
        PackedConv c = _layer.Conv;
        int width = c.Along(_input.Width);
        for (int pixel = 0; pixel < y.Length / c.Channels; pixel++)
        {
            Array.Clear(_sums);
            for (int tap = 0; tap < c.Kernel * c.Kernel; tap++)
            {
                int row = pixel / width * c.Stride - c.Padding + tap / c.Kernel;
                int column = pixel % width * c.Stride - c.Padding + tap % c.Kernel;
                if (row >= 0 && row < _input.Height && column >= 0 && column < _input.Width)
                    Add(x.AsSpan((row * _input.Width + column) * _input.Channels, _input.Channels), tap);
            }

            for (int o = 0; o < c.Channels; o++)
                y[pixel * c.Channels + o] = (float)_sums[o];
        }
    }

    private void Add(ReadOnlySpan<float> x, int tap)
    {
        for (int i = 0; i < x.Length; i++)
        {
            ReadOnlySpan<double> w = _weights.AsSpan((tap * x.Length + i) * _sums.Length, _sums.Length);
            for (int o = 0; o < w.Length; o++)
                _sums[o] += x[i] * w[o];
        }
    }
}
