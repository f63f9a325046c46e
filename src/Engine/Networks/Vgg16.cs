using System.Globalization;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Networks;

/// <summary>
/// VGG-16 for CIFAR with every layer binary, as the published code of AdaSTE has it (Le et al., CVPR 2022): thirteen 3x3 convolutions,
/// each followed by a 2x2 max pool where a stage ends, batch norm and ReLU, and three linear layers, the last one's logits normalised.
/// Nothing has a bias and no batch norm is affine, so that binary weights are all that is trained. Its inputs are never negative: with
/// binary activations every one of them would be +1.
/// </summary>
internal static class Vgg16
{
    private const int Hidden = 512;

    /// <summary>Channels of the convolutions of each stage.</summary>
    private static readonly int[][] s_stages = [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]];

    /// <summary>Norms of images, and of vectors, which keep PyTorch's momentum.</summary>
    private static readonly BatchNormSettings s_images = new(0.2, 1e-5, Affine: false), s_vectors = new(0.1, 1e-5, Affine: false);

    /// <summary>Every layer binary.</summary>
    public static Value Binary(Layers net, Value image, int classes)
    {
        Value x = image;
        int layer = 0;
        foreach (int[] stage in s_stages)
            for (int i = 0; i < stage.Length; i++)
                x = Convolution(net, ++layer, x, stage[i], pools: i == stage.Length - 1);

        x = net.Flatten("flatten", x);
        for (int i = 0; i < 2; i++)
            x = net.Relu(Name("relu", ++layer), Linear(net, layer, x, Hidden, Xavier(x.Shape.Last, Hidden)));
        // The published code draws the last of its parameters anew.
        return Linear(net, layer + 1, x, classes, Initialisation.Normal(0.1));
    }

    private static Value Convolution(Layers net, int layer, Value x, int channels, bool pools)
    {
        x = net.BinaryConv(Name("conv", layer), x, channels, 3, 1, 1, Xavier(9 * x.Shape.Last, 9 * channels));
        if (pools)
            x = net.MaxPool(Name("pool", layer), x, size: 2, stride: 2, padding: 0);
        return net.Relu(Name("relu", layer), net.BatchNorm(Name("bn", layer), x, settings: s_images));
    }

    private static Value Linear(Layers net, int layer, Value x, int outputs, Initialisation start) =>
        net.BatchNorm(Name("bn", layer), net.BinaryLinear(Name("fc", layer), x, outputs, start), settings: s_vectors);

    private static Initialisation Xavier(int fanIn, int fanOut) => Initialisation.XavierUniform(fanIn, fanOut);

    private static string Name(string what, int i) => string.Create(CultureInfo.InvariantCulture, $"{what}{i}");
}
