using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Networks;

/// <summary>What a layer takes or gives, for one image: its shape, and which of the network's values it is.</summary>
public sealed class Value
{
    internal Value(int number, Shape shape, Shape? flattened = null) => (Number, Shape, Flattened) = (number, shape, flattened);

    /// <summary>Shape of one image's value: [H,W,C], or [C] after pooling or flattening.</summary>
    public Shape Shape { get; }

    /// <summary>Its place among the values of its network; the image is 0.</summary>
    internal int Number { get; }

    /// <summary>
    /// The [H,W,C] that was flattened into it: what multiplies it has its columns in another order in files. Null elsewhere.
    /// </summary>
    internal Shape? Flattened { get; }
}

/// <summary>What follows a convolution inside a unit, before batch norm.</summary>
public enum Activation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x cut to [-1, 1].</summary>
    HardTanh,
}

/// <summary>Sizes of a convolution as a network is written in them; its input says the rest.</summary>
/// <param name="Channels">Channels of the output.</param>
/// <param name="Kernel">Rows, and columns, of the kernel.</param>
/// <param name="Stride">Pixels from one tap to the next.</param>
/// <param name="Padding">Pixels of zero padding on every side.</param>
/// <param name="Initialisation">How the weights start.</param>
internal readonly record struct ConvSizes(int Channels, int Kernel, int Stride, int Padding, Initialisation Initialisation);

/// <summary>
/// One layer of a network that has been written down. What reads a network goes through these, one case for each of the records below.
/// </summary>
/// <param name="Name">Of the layer, and of its parameters in files.</param>
/// <param name="Output">What it gives.</param>
internal abstract record Layer(string Name, Value Output);

/// <summary>Full-precision convolution without bias.</summary>
internal sealed record ConvLayer(string Name, Value Input, ConvSizes Sizes, Value Output) : Layer(Name, Output);

/// <summary>[binary convolution, activation, batch norm, shortcut].</summary>
internal sealed record BinaryUnitLayer(string Name, string Norm, Value Input, ConvSizes Sizes, Activation Activation,
    BatchNormSettings Settings, Value? Shortcut, Value Output) : Layer(Name, Output);

/// <summary>Binary convolution by itself.</summary>
internal sealed record BinaryConvLayer(string Name, Value Input, ConvSizes Sizes, Value Output) : Layer(Name, Output);

/// <summary>Binary linear layer, with a bias where it says how that starts.</summary>
internal sealed record BinaryLinearLayer(string Name, Value Input, Initialisation Weight, Initialisation? Bias, Value Output)
    : Layer(Name, Output);

/// <summary>Batch norm, of max(x, 0) where it rectifies, and a shortcut.</summary>
internal sealed record BatchNormLayer(string Name, Value Input, bool Rectify, BatchNormSettings Settings, Value? Shortcut, Value Output)
    : Layer(Name, Output);

/// <summary>An activation by itself.</summary>
internal sealed record ActivationLayer(string Name, Value Input, Activation Activation, Value Output) : Layer(Name, Output);

/// <summary>Option A shortcut.</summary>
internal sealed record ShortcutPadLayer(string Name, Value Input, Value Output) : Layer(Name, Output);

/// <summary>The largest value of each window.</summary>
internal sealed record MaxPoolLayer(string Name, Value Input, PoolWindow Window, Value Output) : Layer(Name, Output);

/// <summary>Mean of each image's pixels, or of those of each window of a size.</summary>
internal sealed record AveragePoolLayer(string Name, Value Input, int? Size, Value Output) : Layer(Name, Output);

/// <summary>[H,W,C] as [H*W*C].</summary>
internal sealed record FlattenLayer(string Name, Value Input, Value Output) : Layer(Name, Output);

/// <summary>Linear layer with bias.</summary>
internal sealed record LinearLayer(string Name, Value Input, Initialisation Weight, Initialisation Bias, Value Output)
    : Layer(Name, Output);
