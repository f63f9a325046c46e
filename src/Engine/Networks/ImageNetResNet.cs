using System.Globalization;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Networks;

/// <summary>
/// ResNet-18 and -34 for ImageNet (He et al., arXiv 1512.03385, table 1) as the published trainer has them, after Bi-Real Net (Liu et al.,
/// ECCV 2018): a shortcut around each convolution, convolution, ReLU, batch norm, addition throughout, real networks too; 1x1 projections
/// where a stage narrows the image, a batch norm between pooling and the classifier. Stem, projections and classifier stay real.
/// The published trainer has no full-precision ResNet-34: here it is the same with its layers.
/// </summary>
internal static class ImageNetResNet
{
    private static readonly int[] Widths = [64, 128, 256, 512];
    private static readonly int[] Blocks18 = [2, 2, 2, 2];
    private static readonly int[] Blocks34 = [3, 4, 6, 3];

    /// <summary>ResNet-18, 1W1A or 1W32A.</summary>
    public static Value Binary18(Layers net, Value image, int classes) => Write(net, image, classes, Blocks18, BinaryUnit);

    /// <summary>ResNet-34, 1W1A or 1W32A.</summary>
    public static Value Binary34(Layers net, Value image, int classes) => Write(net, image, classes, Blocks34, BinaryUnit);

    /// <summary>ResNet-18, full precision.</summary>
    public static Value Real18(Layers net, Value image, int classes) => Write(net, image, classes, Blocks18, RealUnit);

    /// <summary>ResNet-34, full precision.</summary>
    public static Value Real34(Layers net, Value image, int classes) => Write(net, image, classes, Blocks34, RealUnit);

    private static Value Write(Layers net, Value image, int classes, int[] blocks, Unit unit)
    {
        Value x = net.ReluBatchNorm("bn1", Conv(net, "conv1", image, Widths[0], kernel: 7, stride: 2));
        x = net.MaxPool("maxpool", x, size: 3, stride: 2, padding: 1);
        for (int stage = 0; stage < Widths.Length; stage++)
        {
            for (int i = 0; i < blocks[stage]; i++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"layer{stage + 1}.{i}");
                int stride = stage > 0 && i == 0 ? 2 : 1;
                x = unit(net, name, 1, x, Widths[stage], stride, Shortcut(net, name, x, Widths[stage], stride));
                x = unit(net, name, 2, x, Widths[stage], stride: 1, x);
            }
        }

        x = net.BatchNorm("bn2", net.AveragePool("avgpool", x));
        return net.Linear("fc", x, classes, Initialisation.PyTorchDefault(Widths[^1]), Initialisation.PyTorchDefault(Widths[^1]));
    }

    private static Value BinaryUnit(Layers net, string block, int number, Value x, int channels, int stride, Value shortcut) =>
        net.BinaryUnit(Name(block, "conv", number), Name(block, "bn", number), x, channels, 3, stride, 1,
            Initialisation.HeNormal(9 * x.Shape.Last), shortcut);

    private static Value RealUnit(Layers net, string block, int number, Value x, int channels, int stride, Value shortcut) =>
        net.ReluBatchNorm(Name(block, "bn", number), Conv(net, Name(block, "conv", number), x, channels, kernel: 3, stride), shortcut);

    private static Value Shortcut(Layers net, string block, Value x, int channels, int stride) => stride == 1
        ? x
        : net.BatchNorm(block + ".downsample.1", Conv(net, block + ".downsample.0", x, channels, kernel: 1, stride));

    private static Value Conv(Layers net, string name, Value x, int channels, int kernel, int stride) =>
        net.Conv(name, x, channels, kernel, stride, padding: kernel / 2, Initialisation.HeNormal(kernel * kernel * x.Shape.Last));

    private static string Name(string block, string what, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{block}.{what}{number}");

    private delegate Value Unit(Layers net, string block, int number, Value x, int channels, int stride, Value shortcut);
}
