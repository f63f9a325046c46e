using ReSTE.Native.Packed;

namespace ReSTE.Native.Export;

/// <summary>
/// Turns the numbers of a count into thresholds where signs are all that is read of them. Each is found by computing the number of every
/// possible count: rounding keeps the order of numbers, so there is one threshold a channel.
/// </summary>
internal static class Thresholds
{
    private const int PerWord = 32;

    /// <summary>The same network with thresholds wherever there can be some.</summary>
    public static PackedNetwork In(PackedNetwork network)
    {
        var values = PackedValues.Of(network);
        bool[] reals = ReadAsReals(network, values);
        return network with
        {
            Layers =
            [
                .. network.Layers.Select((layer, i) => layer is SignConv { Result: CountNumbers { Added: null } numbers } l && !reals[i + 1]
                    ? l with { Result = Of(l, numbers, l.Conv.Kernel * l.Conv.Kernel * values[l.Input].Channels) }
                    : layer),
            ],
        };
    }

    /// <summary>
    /// The same network with the shift of a channel moved by its last bit as long as some count's number, rounded once, is another than
    /// rounded as the packed form defines it: readers may then fuse. One number in half a thousand million is.
    /// </summary>
    public static PackedNetwork Settled(PackedNetwork network)
    {
        var values = PackedValues.Of(network);
        foreach (SignConv layer in network.Layers.OfType<SignConv>())
        {
            if (layer.Result is CountNumbers { Norm: not null } numbers)
                Settle(numbers, values.Taps(layer.Name, layer.Input, layer.Conv.Kernel));
        }

        return network;
    }

    private static void Settle(CountNumbers numbers, int taps)
    {
        for (int o = 0; o < numbers.Norm!.Shift.Length; o++)
        {
            while (!IsSettled(new CountExpression(numbers, o), taps))
                numbers.Norm.Shift[o] = MathF.BitIncrement(numbers.Norm.Shift[o]);
        }
    }

    internal static bool IsSettled(CountExpression expression, int taps)
    {
        for (int count = -taps; count <= taps; count++)
        {
            if (expression.Of(count) != expression.Fused(count))
                return false;
        }

        return true;
    }

    /// <summary>Of which values numbers are read: pools and flattening take of a value what is read of theirs.</summary>
    private static bool[] ReadAsReals(PackedNetwork network, PackedValues values)
    {
        var reals = new bool[network.Layers.Count + 1];
        reals[^1] = true;
        for (int i = network.Layers.Count - 1; i >= 0; i--)
        {
            PackedLayer layer = network.Layers[i];
            reals[layer.Input] |= layer switch
            {
                SignConv => false,
                MaxPoolLayer => reals[i + 1],
                FlattenLayer => reals[i + 1] || values[layer.Input].Channels % PerWord != 0,
                _ => true,
            };
            if (layer.Adds is { } added)
                reals[added] = true;
        }

        return reals;
    }

    private static CountResult Of(SignConv layer, CountNumbers numbers, int taps)
    {
        var signs = new CountSigns(new int[layer.Conv.Channels], new uint[PackedValues.WordsOf(layer.Conv.Channels)]);
        for (int o = 0; o < layer.Conv.Channels; o++)
        {
            if (Find(new CountExpression(numbers, o), taps) is not var (bound, flipped))
                return numbers;
            signs.Bounds[o] = bound;
            if (flipped)
                signs.Flips[o / PerWord] |= 1u << (o % PerWord);
        }

        return signs;
    }

    /// <summary>Where a number's sign changes; null where it does so twice, as only infinities can.</summary>
    private static (int Bound, bool IsFlipped)? Find(CountExpression expression, int taps)
    {
        bool first = expression.Of(-taps) < 0;
        int? change = null;
        for (int count = 1 - taps; count <= taps; count++)
        {
            bool isNegative = expression.Of(count) < 0;
            if (change == null && isNegative != first)
                change = count - 1;
            else if (change != null && isNegative == first)
                return null;
        }

        // Always the same: below or above every count.
        return change is { } bound ? (bound, !first) : (first ? taps : -taps - 1, false);
    }
}

/// <summary>The number of a channel's count, as the packed form defines it.</summary>
internal readonly struct CountExpression(CountNumbers numbers, int channel)
{
    private readonly float _scale = numbers.Scale[numbers.Scale.Length == 1 ? 0 : channel];
    private readonly float _mean = numbers.Norm?.Mean[channel] ?? 0, _factor = numbers.Norm?.Factor[channel] ?? 1;
    private readonly float _shift = numbers.Norm?.Shift[channel] ?? 0;
    private readonly PackedActivation _activation = numbers.Activation;

    public float Of(int count) => (float)((double)Centred(count) * _factor + _shift);

    /// <summary>The same, rounded once.</summary>
    public float Fused(int count) => MathF.FusedMultiplyAdd(Centred(count), _factor, _shift);

    private float Centred(int count)
    {
        float x = count * _scale;
        x = _activation switch
        {
            PackedActivation.Relu => Math.Max(x, 0),
            PackedActivation.HardTanh => Math.Clamp(x, -1, 1),
            _ => x,
        };
        return x - _mean;
    }
}
