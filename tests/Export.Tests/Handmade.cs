using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Tests;

/// <summary>Networks made up of random numbers, with sizes, scales and orders that no published network has.</summary>
internal sealed class Handmade(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>By name.</summary>
    public static PackedNetwork Network(string name) => name switch
    {
        "odd sizes" => new Handmade(1).OddSizes(),
        "scales" => new Handmade(2).Scales(),
        "flattened" => new Handmade(3).Flattened(),
        "shortcuts" => new Handmade(4).Shortcuts(),
        "exact zeros" => new Handmade(5).ExactZeros(),
        _ => throw new ArgumentException(name),
    };

    // Channels of 3, 33, 1, 5; kernels of 2, 3, 5; strides of 2 and 3; padding wider than what it pads.
    private PackedNetwork OddSizes() => Of(Input(7, 5, 3), classes: 4,
        new RealConv("stem", 0, new PackedConv(33, 2, 1, 1), Weights(33 * 12)),
        new NormLayer("bn", 1, PackedActivation.Relu, Norm(33), null),
        Signs("a", 2, new PackedConv(1, 5, 1, 4), 33, [0.01f], PackedActivation.Relu, Norm(1)),
        Signs("b", 3, new PackedConv(5, 3, 2, 1), 1, Reals(5, 0.2), PackedActivation.None, Norm(5)),
        new MaxPoolLayer("pool", 4, 3, 3, 1),
        Signs("c", 5, new PackedConv(40, 1, 1, 0), 5, [0.3f], PackedActivation.HardTanh, Norm(40)),
        new AveragePoolLayer("mean", 6, 0),
        new NormLayer("bn2", 7, PackedActivation.HardTanh, Norm(40), null),
        Linear("fc", 8, 40, 4));

    // One a channel, some of them below 0, 0, or too small to be divided by: that only where a batch norm keeps signs away from it.
    private PackedNetwork Scales()
    {
        float[] scales = [.. Reals(8, 0.3), 0, -0.25f, 1e-42f, 2, 0, -0f], alone = [.. scales[..10], 0.7f, .. scales[11..]];
        return Of(Input(4, 4, 1), classes: 3,
            Signs("a", 0, new PackedConv(14, 3, 1, 1), 1, scales, PackedActivation.Relu, Norm(14)),
            Signs("b", 1, new PackedConv(14, 3, 1, 1), 14, scales, PackedActivation.HardTanh, Norm(14)),
            Signs("c", 2, new PackedConv(14, 3, 1, 1), 14, scales, PackedActivation.None, Norm(14)),
            Signs("d", 3, new PackedConv(14, 3, 1, 1), 14, alone, PackedActivation.HardTanh, norm: null),
            Signs("e", 4, new PackedConv(14, 3, 1, 1), 14, alone, PackedActivation.None, norm: null),
            new NormLayer("bn", 5, PackedActivation.None, Norm(14), null),
            new AveragePoolLayer("mean", 6, 0),
            Linear("fc", 7, 14, 3));
    }

    // What is flattened has another order in ONNX, and so has all that follows.
    private PackedNetwork Flattened() => Of(Input(6, 4, 2), classes: 5,
        new RealConv("stem", 0, new PackedConv(6, 3, 1, 1), Weights(6 * 18)),
        new AveragePoolLayer("halved", 1, 2),
        new FlattenLayer("flat", 2),
        new NormLayer("bn", 3, PackedActivation.None, Norm(36), null),
        Signs("fc1", 4, new PackedConv(9, 1, 1, 0), 36, Reals(9, 0.2), PackedActivation.None, Norm(9)),
        new ActivationLayer("cut", 5, PackedActivation.HardTanh),
        Signs("fc2", 6, new PackedConv(5, 1, 1, 0), 9, [0.7f], PackedActivation.None, norm: null),
        new NormLayer("out", 7, PackedActivation.None, Norm(5), null));

    private PackedNetwork Shortcuts() => Of(Input(5, 7, 3), classes: 2,
        new RealConv("stem", 0, new PackedConv(4, 3, 1, 1), Weights(4 * 27)),
        Signs("a", 1, new PackedConv(4, 3, 1, 1), 4, [0.1f], PackedActivation.Relu, Norm(4), added: 1),
        new PadLayer("half", 2, 8),
        Signs("b", 2, new PackedConv(8, 3, 2, 1), 4, [0.1f], PackedActivation.Relu, Norm(8), added: 3),
        new NormLayer("bn", 4, PackedActivation.Relu, Norm(8), Added: 3),
        new AveragePoolLayer("mean", 5, 0),
        Linear("fc", 6, 8, 2));

    // Counts of which many are 0 are read as signs with a scale and nothing else between.
    private PackedNetwork ExactZeros() => Of(Input(4, 4, 2), classes: 3,
        Signs("a", 0, new PackedConv(6, 1, 1, 0), 2, [0.3f], PackedActivation.None, norm: null),
        Signs("b", 1, new PackedConv(8, 2, 1, 0), 6, Reals(8, 0.1), PackedActivation.None, norm: null),
        Signs("c", 2, new PackedConv(8, 3, 1, 1), 8, [0.1f], PackedActivation.None, norm: null),
        Signs("d", 3, new PackedConv(1, 1, 1, 0), 8, [0.1f], PackedActivation.None, norm: null),
        Signs("e", 4, new PackedConv(3, 3, 3, 0), 1, [0.1f], PackedActivation.None, norm: null));

    // Bytes from 0 to 255 around 0, none of them at it.
    private PackedInput Input(int height, int width, int channels)
    {
        float[] scale = Reals(channels, 0.02);
        return new PackedInput(height, width, channels, scale, Array.ConvertAll(scale, s => s * -127.5f));
    }

    private static PackedNetwork Of(PackedInput input, int classes, params PackedLayer[] layers) =>
        new("handmade", "none", input, [.. Enumerable.Range(0, classes).Select(i => $"class {i}")], layers);

    private SignConv Signs(string name, int input, PackedConv conv, int inputs, float[] scale, PackedActivation activation,
        Normalisation? norm, int? added = null)
    {
        int row = conv.Kernel * conv.Kernel * inputs, words = (row + 31) / 32;
        var signs = new uint[conv.Channels * words];
        for (int i = 0; i < signs.Length; i++)
        {
            int bits = Math.Min(32, row - i % words * 32);
            signs[i] = (uint)(_random.NextInt64(1L << 32) & ((1L << bits) - 1));
        }

        return new SignConv(name, input, conv, signs, new CountNumbers(scale, activation, norm, added));
    }

    private LinearLayer Linear(string name, int input, int inputs, int outputs) =>
        new(name, input, Weights(inputs * outputs), Reals(outputs));

    private RealValues Weights(int count) => new(Reals(count, 0.3));

    private Normalisation Norm(int channels) => new(Reals(channels), Reals(channels, 2), Reals(channels));

    private float[] Reals(int count, double size = 1) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)((_random.NextDouble() * 2 - 1) * size))];
}
