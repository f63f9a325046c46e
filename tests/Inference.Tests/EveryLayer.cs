using ReSTE.Native.Packed;

namespace ReSTE.Native.Inference.Tests;

/// <summary>A network of every kind of layer, with numbers made up from a seed.</summary>
internal sealed class EveryLayer(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>
    /// A real stem, units with and without shortcut, pools of signs and of numbers, an activation that is cut off, a flattened classifier.
    /// </summary>
    /// <param name="side">Rows and columns of its images; a multiple of 4.</param>
    /// <param name="channels">Channels of its units.</param>
    /// <param name="stem">Rows and columns of the stem's kernel.</param>
    /// <param name="wholeReals">Whether real weights are bytes.</param>
    public PackedNetwork Residual(int side, int channels, int stem, bool wholeReals = false)
    {
        const int Classes = 7;
        int wide = channels + 2 * (channels % 5), pooled = side / 4 * (side / 4) * wide;
        return new PackedNetwork("made up", "nothing", Input(side, 3), [.. Enumerable.Range(0, Classes).Select(i => $"class {i}")],
        [
            new RealConv("stem", 0, new(channels, stem, 1, stem / 2), Reals(channels, stem * stem * 3, wholeReals)),
            new NormLayer("norm", 1, PackedActivation.Relu, Norm(channels, 1), null),
            Signs("unit1", 2, channels, channels, 3, 1, 1, Bounds(9 * channels, channels)),
            Signs("unit2", 3, channels, channels, 3, 1, 1, Numbers(channels, 9 * channels, PackedActivation.Relu, added: 2)),
            new PadLayer("pad", 4, wide),
            Signs("unit3", 4, channels, wide, 5, 2, 2, Numbers(wide, 25 * channels, PackedActivation.HardTanh, added: 5)),
            Signs("unit4", 6, wide, wide, 1, 1, 0, Bounds(wide, wide)),
            new MaxPoolLayer("pool1", 7, 3, 1, 1),
            Signs("unit5", 8, wide, wide, 3, 1, 1, Numbers(wide, 9 * wide, PackedActivation.None, added: null)),
            new MaxPoolLayer("pool2", 9, 2, 2, 0),
            new ActivationLayer("cut", 10, PackedActivation.HardTanh),
            new FlattenLayer("flatten", 11),
            Signs("linear1", 12, pooled, 33, 1, 1, 0, Scaled(33)),
            new NormLayer("last", 13, PackedActivation.None, Norm(33, 10) with { Mean = new float[33] }, null),
            new LinearLayer("linear2", 14, Reals(Classes, 33, wholeReals), Singles(Classes, 0, 1)),
        ]);
    }

    /// <summary>Images.</summary>
    public byte[] Images(PackedNetwork network, int count)
    {
        var images = new byte[count * network.Input.Bytes];
        _random.NextBytes(images);
        return images;
    }

    private PackedInput Input(int side, int channels) =>
        new(side, side, channels, Singles(channels, 0.015f, 0.02f), Singles(channels, -2, -1));

    private SignConv Signs(string name, int input, int inputs, int outputs, int kernel, int stride, int padding, CountResult result)
    {
        int taps = kernel * kernel * inputs, row = (taps + 31) / 32;
        var signs = new uint[outputs * row];
        for (int o = 0; o < outputs; o++)
            for (int tap = 0; tap < taps; tap++)
                signs[o * row + tap / 32] |= (uint)_random.Next(2) << (tap % 32);
        return new SignConv(name, input, new(outputs, kernel, stride, padding), signs, result);
    }

    // Some channels are always of one sign.
    private CountSigns Bounds(int taps, int channels)
    {
        var flips = new uint[(channels + 31) / 32];
        for (int o = 0; o < channels; o++)
            flips[o / 32] |= (uint)_random.Next(2) << (o % 32);
        return new CountSigns([.. Enumerable.Range(0, channels).Select(_ => _random.Next(8) switch
        {
            0 => taps,
            1 => -taps - 1,
            _ => _random.Next(-taps / 4, taps / 4 + 1),
        })], flips);
    }

    private CountNumbers Numbers(int channels, int taps, PackedActivation activation, int? added) =>
        new(Singles(_random.Next(2) == 0 ? 1 : channels, 0.01f, 0.1f), activation, Norm(channels, 0.05f * taps), added);

    private CountNumbers Scaled(int channels) => new(Singles(channels, -0.1f, 0.1f), PackedActivation.None, null, null);

    private Normalisation Norm(int channels, float size) =>
        new(Singles(channels, -size / 2, size / 2), Singles(channels, -2 / size, 2 / size), Singles(channels, -1, 1));

    private RealValues Reals(int rows, int row, bool whole)
    {
        float[] values = Singles(rows * row, -0.5f, 0.5f);
        return whole ? RealValues.Rounded(values, rows) : new RealValues(values);
    }

    private float[] Singles(int count, float low, float high) =>
        [.. Enumerable.Range(0, count).Select(_ => low + (high - low) * _random.NextSingle())];
}
