using System.Globalization;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Networks;

/// <summary>
/// ResNet-18 for CIFAR (He et al., arXiv 1512.03385, with a 3x3 stem) as the published trainer has it: four stages of two blocks with 64,
/// 128, 256 and 512 channels, 1x1 projection shortcuts where a stage narrows the image, a batch norm between pooling and the classifier.
/// Stem, projections and classifier stay real. Every weight starts as PyTorch's layers do.
/// </summary>
internal static class CifarResNet18
{
    private static readonly int[] Widths = [64, 128, 256, 512];
    private const int BlocksPerStage = 2;

    /// <summary>1W1A, or 1W32A: inside a block convolution, ReLU, batch norm, twice; no ReLU after the addition.</summary>
    public static Value Binary(Layers net, Value image, int classes) => Write(net, image, classes, BinaryBlock);

    /// <summary>Full precision: inside a block convolution, batch norm, ReLU, convolution, batch norm, addition, ReLU.</summary>
    public static Value Real(Layers net, Value image, int classes) => Write(net, image, classes, RealBlock);

    private static Value Write(Layers net, Value image, int classes, Block block)
    {
        Value x = net.ReluBatchNorm("bn1", Conv(net, "conv1", image, Widths[0], kernel: 3, stride: 1));
        for (int stage = 0; stage < Widths.Length; stage++)
        {
            for (int i = 0; i < BlocksPerStage; i++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"layer{stage + 1}.{i}");
                x = block(net, name, x, Widths[stage], stage > 0 && i == 0 ? 2 : 1);
            }
        }

        x = net.BatchNorm("bn2", net.AveragePool("pool", x));
        return net.Linear("linear", x, classes, Start(Widths[^1]), Start(Widths[^1]));
    }

    private static Value BinaryBlock(Layers net, string name, Value x, int channels, int stride)
    {
        Value shortcut = Shortcut(net, name, x, channels, stride);
        Value y = net.BinaryUnit(name + ".conv1", name + ".bn1", x, channels, 3, stride, 1, Start(9 * x.Shape.Last));
        return net.BinaryUnit(name + ".conv2", name + ".bn2", y, channels, 3, 1, 1, Start(9 * channels), shortcut);
    }

    private static Value RealBlock(Layers net, string name, Value x, int channels, int stride)
    {
        Value shortcut = Shortcut(net, name, x, channels, stride);
        Value y = net.BatchNorm(name + ".bn1", Conv(net, name + ".conv1", x, channels, kernel: 3, stride));
        y = Conv(net, name + ".conv2", net.Relu(name + ".relu1", y), channels, kernel: 3, stride: 1);
        return net.Relu(name + ".relu2", net.BatchNorm(name + ".bn2", y, shortcut));
    }

    private static Value Shortcut(Layers net, string name, Value x, int channels, int stride) => stride == 1
        ? x
        : net.BatchNorm(name + ".shortcut.1", Conv(net, name + ".shortcut.0", x, channels, kernel: 1, stride));

    private static Value Conv(Layers net, string name, Value x, int channels, int kernel, int stride) =>
        net.Conv(name, x, channels, kernel, stride, padding: kernel / 2, Start(kernel * kernel * x.Shape.Last));

    private static Initialisation Start(int fanIn) => Initialisation.PyTorchDefault(fanIn);

    private delegate Value Block(Layers net, string name, Value x, int channels, int stride);
}
