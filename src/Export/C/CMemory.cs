using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.C;

/// <summary>
/// Where in the workspace the values of an image lie: one takes the place of another that nobody reads any more. What a layer needs while
/// it runs comes first.
/// </summary>
internal sealed class CMemory
{
    private const int Alignment = 64;

    private readonly List<(long First, long End, int Until)> _taken = [];

    public CMemory(PackedNetwork network, PackedValues values)
    {
        int count = values.Count;
        (Margins, Lanes, Reals, Bits) = (new int[count], new int[count], new long?[count], new long?[count]);
        bool imageIsDense = true;
        for (int i = 0; i < network.Layers.Count; i++)
        {
            PackedLayer layer = network.Layers[i];
            if (layer is SignConv { Conv.Padding: var padding })
                Margins[layer.Input] = Math.Max(Margins[layer.Input], padding);
            imageIsDense &= layer is RealConv or FlattenLayer || !layer.Reads.Contains(0);
        }

        for (int value = 0; value < count; value++)
            Lanes[value] = CLayouts.Lanes(values[value].Channels);
        if (imageIsDense)
            Lanes[0] = values[0].Channels;
        long scratch = network.Layers.Select((layer, i) => Scratch(layer, values[layer.Input], values[i + 1])).Max();
        _taken.Add((0, scratch, int.MaxValue));
        for (int value = 0; value < count; value++)
            Place(value, values, value == 0 ? null : network.Layers[value - 1]);
    }

    /// <summary>Bytes of it all.</summary>
    public long Bytes { get; private set; }

    /// <summary>Margin of each value's bits: what its readers pad.</summary>
    public int[] Margins { get; }

    /// <summary>Floats of a pixel of each value.</summary>
    public int[] Lanes { get; }

    /// <summary>Where each value's floats are; null where nobody reads any.</summary>
    public long?[] Reals { get; }

    /// <summary>Where each value's bits are; null where nobody reads any.</summary>
    public long?[] Bits { get; }

    // A layer that is finished pixel by pixel gives bits without floats; others have theirs packed.
    private void Place(int value, PackedValues values, PackedLayer? layer)
    {
        bool givesBits = layer is SignConv or NormLayer or ActivationLayer || values.IsSigns(value);
        ValueShape shape = values[value];
        int until = values.LastReader(value), margin = Margins[value];
        if (values.NeedsReals(value) || (values.NeedsSigns(value) && !givesBits))
            Reals[value] = Take(value, until, (long)shape.Height * shape.Width * Lanes[value] * sizeof(float));
        long pixels = (shape.Height + 2L * margin) * (shape.Width + 2 * margin);
        if (values.NeedsSigns(value))
            Bits[value] = Take(value, until, pixels * PackedValues.WordsOf(shape.Channels) * sizeof(uint));
    }

    /// <summary>The first gap, from one value's beginning to its last reader.</summary>
    private long Take(int now, int until, long bytes)
    {
        _taken.RemoveAll(taken => taken.Until < now);
        _taken.Sort();
        long at = 0;
        foreach (var (first, end, _) in _taken)
        {
            if (at + bytes <= first)
                break;
            at = Math.Max(at, (end + Alignment - 1) / Alignment * Alignment);
        }

        _taken.Add((at, at + bytes, until));
        Bytes = Math.Max(Bytes, at + bytes);
        return at;
    }

    private static long Scratch(PackedLayer layer, ValueShape x, ValueShape y) => layer switch
    {
        SignConv l => (long)y.Width * sizeof(int) * (CLayouts.Group + (CLayouts.IsPaired(l.Conv, x.Channels) ? 5 : 0)),
        RealConv l => (long)l.Conv.Kernel * (x.Width + 2 * l.Conv.Padding) * x.Channels * sizeof(double),
        _ => 0,
    };
}
