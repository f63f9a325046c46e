using System.Globalization;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Networks;

/// <summary>
/// VGG-small for CIFAR (Zhang et al., LQ-Nets, ECCV 2018, after Simonyan and Zisserman) as the published trainer has it: six 3x3
/// convolutions of 128, 128, 256, 256, 512 and 512 channels, a 2x2 max pool after every second one, one linear layer. The first
/// convolution and the linear layer stay real.
/// </summary>
internal static class VggSmall
{
    private static readonly int[] Widths = [128, 128, 256, 256, 512, 512];

    /// <summary>1W1A, or 1W32A: convolution, ReLU, batch norm, and the pool.</summary>
    public static Value Binary(Layers net, Value image, int classes)
    {
        Value x = net.ReluBatchNorm("bn0", net.Conv("conv0", image, Widths[0], 3, 1, 1, Start(Widths[0])));
        for (int i = 1; i < Widths.Length; i++)
            x = Pooled(net, i, net.BinaryUnit(Name("conv", i), Name("bn", i), x, Widths[i], 3, 1, 1, Start(Widths[i])));
        return Classify(net, x, classes);
    }

    /// <summary>Full precision: convolution, batch norm, ReLU, and the pool.</summary>
    public static Value Real(Layers net, Value image, int classes)
    {
        Value x = image;
        for (int i = 0; i < Widths.Length; i++)
        {
            x = net.BatchNorm(Name("bn", i), net.Conv(Name("conv", i), x, Widths[i], 3, 1, 1, Start(Widths[i])));
            x = Pooled(net, i, net.Relu(Name("relu", i), x));
        }
        return Classify(net, x, classes);
    }

    private static Value Pooled(Layers net, int i, Value x) =>
        i % 2 == 0 ? x : net.MaxPool(Name("pool", i), x, size: 2, stride: 2, padding: 0);

    private static Value Classify(Layers net, Value x, int classes) =>
        net.Linear("fc", net.Flatten("flatten", x), classes, Initialisation.Normal(0.01), Initialisation.Constant(0));

    /// <summary>He's normal by the outputs of a 3x3 kernel, not by its inputs.</summary>
    private static Initialisation Start(int channels) => Initialisation.HeNormal(9 * channels);

    private static string Name(string what, int i) => string.Create(CultureInfo.InvariantCulture, $"{what}{i}");
}
