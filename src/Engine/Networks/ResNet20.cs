using System.Globalization;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Networks;

/// <summary>
/// ResNet-20 for CIFAR (He et al., arXiv 1512.03385, section 4.2) as the published trainer has it: a stem and three stages of three blocks
/// with 16, 32 and 64 channels, option A shortcuts, a batch norm between pooling and the classifier. The stem and the classifier stay real.
/// </summary>
internal static class ResNet20
{
    private static readonly int[] Widths = [16, 32, 64];
    private const int BlocksPerStage = 3;

    /// <summary>1W1A, or 1W32A: inside a block convolution, ReLU, batch norm, twice; no ReLU after the addition.</summary>
    public static Value Binary(Layers net, Value image, int classes) => Write(net, image, classes, BinaryBlock);

    /// <summary>
    /// 1W1A, or 1W32A, with a shortcut around each convolution (Liu et al., Bi-Real Net, ECCV 2018): convolution, ReLU, batch norm,
    /// addition, twice.
    /// </summary>
    public static Value BiReal(Layers net, Value image, int classes) => Write(net, image, classes, BiRealBlock);

    /// <summary>Full precision: inside a block convolution, batch norm, ReLU, convolution, batch norm, addition, ReLU.</summary>
    public static Value Real(Layers net, Value image, int classes) => Write(net, image, classes, RealBlock);

    private static Value Write(Layers net, Value image, int classes, Block block)
    {
        Value x = net.Conv("conv1", image, Widths[0], kernel: 3, stride: 1, padding: 1, Initialisation.HeNormal(9 * image.Shape.Last));
        x = net.ReluBatchNorm("bn1", x);
        for (int stage = 0; stage < Widths.Length; stage++)
        {
            for (int i = 0; i < BlocksPerStage; i++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"layer{stage + 1}.{i}");
                x = block(net, name, x, Widths[stage], stage > 0 && i == 0 ? 2 : 1);
            }
        }

        x = net.AveragePool("pool", x);
        x = net.BatchNorm("bn2", x);
        return net.Linear("linear", x, classes, Initialisation.HeNormal(Widths[^1]), Initialisation.PyTorchDefault(Widths[^1]));
    }

    private static Value BinaryBlock(Layers net, string name, Value x, int channels, int stride)
    {
        Value shortcut = Shortcut(net, name, x, channels, stride);
        Value y = net.BinaryUnit(name + ".conv1", name + ".bn1", x, channels, 3, stride, 1, Initialisation.HeNormal(9 * x.Shape.Last));
        return net.BinaryUnit(name + ".conv2", name + ".bn2", y, channels, 3, 1, 1, Initialisation.HeNormal(9 * channels), shortcut);
    }

    private static Value BiRealBlock(Layers net, string name, Value x, int channels, int stride)
    {
        Value shortcut = Shortcut(net, name, x, channels, stride);
        Value y = net.BinaryUnit(name + ".conv1", name + ".bn1", x, channels, 3, stride, 1, Initialisation.HeNormal(9 * x.Shape.Last),
            shortcut);
        return net.BinaryUnit(name + ".conv2", name + ".bn2", y, channels, 3, 1, 1, Initialisation.HeNormal(9 * channels), y);
    }

    private static Value RealBlock(Layers net, string name, Value x, int channels, int stride)
    {
        Value shortcut = Shortcut(net, name, x, channels, stride);
        Value y = net.Conv(name + ".conv1", x, channels, 3, stride, 1, Initialisation.HeNormal(9 * x.Shape.Last));
        y = net.Relu(name + ".relu1", net.BatchNorm(name + ".bn1", y));
        y = net.Conv(name + ".conv2", y, channels, 3, 1, 1, Initialisation.HeNormal(9 * channels));
        return net.Relu(name + ".relu2", net.BatchNorm(name + ".bn2", y, shortcut));
    }

    private static Value Shortcut(Layers net, string name, Value x, int channels, int stride) =>
        stride == 1 ? x : net.ShortcutPad(name + ".shortcut", x, channels);

    private delegate Value Block(Layers net, string name, Value x, int channels, int stride);
}
