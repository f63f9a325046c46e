using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Reference;

/// <summary>
/// The definition of the packed form in plain loops, image by image, with the smallest distance from 0 of a value that is read as a sign.
/// </summary>
internal sealed class PackedRun
{
    private readonly PackedNetwork _network;
    private readonly PackedValues _shapes;
    private readonly float[][] _values;
    private readonly bool[] _isMeasured, _hasExactZeros, _isNeverNegative;
    private readonly RealConvRun?[] _reals;
    private readonly SignConvRun?[] _signs;

    public PackedRun(PackedNetwork network)
    {
        _network = network;
        _shapes = PackedValues.Of(network);
        _values = [.. Enumerable.Range(0, _shapes.Count).Select(i => new float[_shapes[i].Count])];
        (_isMeasured, _hasExactZeros, _isNeverNegative) = (new bool[_shapes.Count], new bool[_shapes.Count], new bool[_shapes.Count]);
        _reals = [.. network.Layers.Select(l => l is RealConv conv ? new RealConvRun(conv, _shapes[l.Input]) : null)];
        _signs = [.. network.Layers.Select(l => l is SignConv conv ? new SignConvRun(conv, _shapes[l.Input]) : null)];
        for (int i = 0; i < network.Layers.Count; i++)
            (_hasExactZeros[i + 1], _isNeverNegative[i + 1]) = (HasExactZeros(network.Layers[i]), IsNeverNegative(network.Layers[i]));
    }

    /// <summary>An image's scores, and its margin.</summary>
    public (float[] Scores, float Margin) Of(ReadOnlySpan<byte> image)
    {
        Array.Clear(_isMeasured);
        float margin = float.PositiveInfinity;
        PackedInput input = _network.Input;
        for (int i = 0; i < image.Length; i++)
            _values[0][i] = image[i] * input.Scale[i % input.Channels] + input.Shift[i % input.Channels];
        for (int i = 0; i < _network.Layers.Count; i++)
        {
            PackedLayer layer = _network.Layers[i];
            if (layer is SignConv && !_isMeasured[layer.Input] && !_isNeverNegative[layer.Input])
            {
                _isMeasured[layer.Input] = true;
                margin = Math.Min(margin, Measure(_values[layer.Input], _hasExactZeros[layer.Input]));
            }

            Run(i, layer, _shapes[layer.Input], _values[layer.Input], _values[i + 1]);
        }

        return ((float[])_values[^1].Clone(), margin);
    }

    // Zeros that come of no rounding, and that no rounding makes negative.
    private bool HasExactZeros(PackedLayer layer) => layer switch
    {
        SignConv { Result: CountNumbers { Norm: null, Added: null } } => true,
        ActivationLayer or MaxPoolLayer or FlattenLayer => _hasExactZeros[layer.Input],
        _ => false,
    };

    // Always read as +1.
    private bool IsNeverNegative(PackedLayer layer) => layer switch
    {
        SignConv { Result: CountNumbers { Activation: PackedActivation.Relu, Norm: null, Added: null } } => true,
        ActivationLayer { Activation: PackedActivation.Relu } => true,
        ActivationLayer or PadLayer or MaxPoolLayer or AveragePoolLayer or FlattenLayer => _isNeverNegative[layer.Input],
        _ => false,
    };

    private static float Measure(float[] values, bool hasExactZeros)
    {
        float least = float.PositiveInfinity;
        foreach (float value in values)
        {
            float distance = Math.Abs(value);
            if (distance < least && (distance > 0 || !hasExactZeros))
                least = distance;
        }

        return least;
    }

    private void Run(int i, PackedLayer layer, ValueShape shape, float[] x, float[] y)
    {
        switch (layer)
        {
            case RealConv:
                _reals[i]!.Of(x, y);
                break;
            case SignConv { Result: CountNumbers numbers }:
                _signs[i]!.Of(x, y, numbers.Added is { } added ? _values[added] : null);
                break;
            case NormLayer l:
                Normalise(l, x, y);
                break;
            case ActivationLayer l:
                for (int at = 0; at < y.Length; at++)
                    y[at] = Activate(l.Activation, x[at]);
                break;
            case PadLayer l:
                Pools.Pad(x, shape, y, l.Channels);
                break;
            case MaxPoolLayer l:
                Pools.Max(x, shape, y, _shapes[i + 1], l);
                break;
            case AveragePoolLayer l:
                Pools.Average(x, shape, y, _shapes[i + 1], l.Size);
                break;
            case FlattenLayer:
                x.CopyTo(y, 0);
                break;
            case LinearLayer l:
                Multiply(l, x, y);
                break;
        }
    }

    private void Normalise(NormLayer l, float[] x, float[] y)
    {
        float[]? added = l.Added is { } value ? _values[value] : null;
        var (mean, factor, shift) = (l.Norm.Mean, l.Norm.Factor, l.Norm.Shift);
        for (int i = 0; i < y.Length; i++)
        {
            int channel = i % mean.Length;
            float d = Activate(l.Activation, x[i]) - mean[channel];
            y[i] = (float)((double)d * factor[channel] + shift[channel]);
            if (added != null)
                y[i] += added[i];
        }
    }

    private static void Multiply(LinearLayer l, float[] x, float[] y)
    {
        for (int o = 0; o < y.Length; o++)
        {
            double sum = 0;
            for (int i = 0; i < x.Length; i++)
                sum += (double)x[i] * l.Weights.Values[o * x.Length + i];
            y[o] = (float)(sum + l.Bias[o]);
        }
    }

    private static float Activate(PackedActivation activation, float x) => activation switch
    {
        PackedActivation.Relu => Math.Max(x, 0),
        PackedActivation.HardTanh => Math.Clamp(x, -1, 1),
        _ => x,
    };
}
