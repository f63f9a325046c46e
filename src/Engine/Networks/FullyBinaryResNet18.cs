using System.Globalization;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Networks;

/// <summary>
/// ResNet-18 with every layer binary, as the published code of AdaSTE has it (Le et al., CVPR 2022): 3x3 stem, projections, classifier and
/// its bias too, the logits normalised; no batch norm is affine. Images of 64 pixels have a stem of stride 2, all others one of stride 1;
/// the mean is taken over windows of 4x4, so that images of 224 pixels have a classifier of 49 times as many inputs. What its
/// convolutions take is never negative: with binary activations every one of them would be +1.
/// </summary>
internal static class FullyBinaryResNet18
{
    private const int BlocksPerStage = 2, HalvedSide = 64, PoolSize = 4;

    private static readonly int[] s_widths = [64, 128, 256, 512];

    /// <summary>Norms of images, and of vectors, which keep PyTorch's momentum.</summary>
    private static readonly BatchNormSettings s_images = new(0.2, 1e-5, Affine: false), s_vectors = new(0.1, 1e-5, Affine: false);

    /// <summary>Every layer binary: inside a block convolution, batch norm, ReLU, convolution, batch norm, addition, ReLU.</summary>
    public static Value Binary(Layers net, Value image, int classes)
    {
        Value x = net.Relu("relu1", Convolution(net, "conv1", "bn1", image, s_widths[0], 3, image.Shape[0] == HalvedSide ? 2 : 1));
        for (int stage = 0; stage < s_widths.Length; stage++)
        {
            for (int i = 0; i < BlocksPerStage; i++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"layer{stage + 1}.{i}");
                x = Block(net, name, x, s_widths[stage], stage > 0 && i == 0 ? 2 : 1);
            }
        }

        // Smaller than a window only where somebody tries small images.
        x = net.Flatten("flatten", net.AveragePool("pool", x, Math.Min(PoolSize, x.Shape[0])));
        // The published code draws the last of its parameters anew.
        x = net.BinaryLinear("linear", x, classes, Initialisation.XavierUniform(x.Shape.Last, classes), Initialisation.Normal(0.1));
        return net.BatchNorm("bnout", x, settings: s_vectors);
    }

    private static Value Block(Layers net, string name, Value x, int channels, int stride)
    {
        Value shortcut = stride == 1
            ? x
            : Convolution(net, name + ".shortcut.0", name + ".shortcut.1", x, channels, 1, stride);
        Value y = net.Relu(name + ".relu1", Convolution(net, name + ".conv1", name + ".bn1", x, channels, 3, stride));
        y = Convolution(net, name + ".conv2", name + ".bn2", y, channels, 3, stride: 1, shortcut);
        return net.Relu(name + ".relu2", y);
    }

    private static Value Convolution(Layers net, string conv, string norm, Value x, int channels, int kernel, int stride,
        Value? shortcut = null)
    {
        Initialisation start = Initialisation.XavierUniform(kernel * kernel * x.Shape.Last, kernel * kernel * channels);
        return net.BinaryUnit(conv, norm, x, channels, kernel, stride, kernel / 2, start, shortcut, Activation.None, s_images);
    }
}
