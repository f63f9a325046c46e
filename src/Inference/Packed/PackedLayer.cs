using ReSTE.Native.Operations;

namespace ReSTE.Native.Packed;

/// <summary>
/// A layer of a packed network. It reads the value of an earlier layer and gives one of its own, of one image: [height, width, channels],
/// channels last. Value 0 is the normalised image, value n what layer n - 1 gives.
/// </summary>
/// <param name="Name">What messages call it: its name in the checkpoint.</param>
/// <param name="Input">Number of the value it reads.</param>
public abstract record PackedLayer(string Name, int Input)
{
    /// <summary>Number of the value that is added to its result; null for none.</summary>
    internal int? Adds => this switch
    {
        SignConv { Result: CountNumbers numbers } => numbers.Added,
        NormLayer norm => norm.Added,
        _ => null,
    };

    /// <summary>Numbers of the values that it reads.</summary>
    internal IEnumerable<int> Reads => Adds is { } added ? [Input, added] : [Input];
}

/// <summary>How a convolution walks its input.</summary>
/// <param name="Channels">Channels of its result.</param>
/// <param name="Kernel">Rows, and columns, of its kernel.</param>
/// <param name="Stride">Pixels from one tap to the next.</param>
/// <param name="Padding">Pixels of zero padding on every side, which do not count; less than the kernel.</param>
public readonly record struct PackedConv(int Channels, int Kernel, int Stride, int Padding)
{
    /// <summary>Rows, or columns, of its result from those of its input.</summary>
    internal int Along(int length) => (length + 2 * Padding - Kernel) / Stride + 1;

    /// <summary>Sizes of a convolution of images that have a value's size.</summary>
    internal ConvGeometry Geometry(ValueShape x, int images = 1) =>
        new(images, x.Height, x.Width, x.Channels, Channels, Kernel, Stride, Padding);
}

/// <summary>Full-precision convolution: products and sums in double, taps in the order row, column, channel, rounded once.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Input">The value it reads.</param>
/// <param name="Conv">Its sizes.</param>
/// <param name="Weights">[channels, kernel, kernel, input channels].</param>
public sealed record RealConv(string Name, int Input, PackedConv Conv, RealValues Weights) : PackedLayer(Name, Input);

/// <summary>
/// Convolution of signs with signs, exact in integers: valid taps - 2 popcount(x xor w). What it gives is either signs, by thresholds, or
/// numbers.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Input">The value whose signs it reads; -1 where it is below 0.</param>
/// <param name="Conv">Its sizes.</param>
/// <param name="Signs">
/// A row of words a channel: bit (row * kernel + column) * input channels + channel, set for -1; the bits left of its last word are 0.
/// </param>
/// <param name="Result">What becomes of the counts.</param>
public sealed record SignConv(string Name, int Input, PackedConv Conv, uint[] Signs, CountResult Result) : PackedLayer(Name, Input)
{
    /// <summary>
    /// The layer as what a count's own expression says, and what is left of it: after an activation that is no ReLU everything.
    /// </summary>
    internal (SignConv Unit, CountNumbers? After) Parted() => Result is CountNumbers { Activation: PackedActivation.HardTanh } numbers
        ? (this with { Result = numbers with { Activation = PackedActivation.None, Norm = null, Added = null } }, numbers)
        : (this, null);
}

/// <summary>What becomes of the counts of a convolution of signs.</summary>
public abstract record CountResult;

/// <summary>Signs: a channel is -1 where its count is at most its bound, or, where it is flipped, where it is not.</summary>
/// <param name="Bounds">One a channel.</param>
/// <param name="Flips">A bit a channel, 32 a word; the bits left are 0.</param>
public sealed record CountSigns(int[] Bounds, uint[] Flips) : CountResult;

/// <summary>Numbers: count times scale, rounded; the activation; the normalisation; the value added after it.</summary>
/// <param name="Scale">One for all channels, or one a channel.</param>
/// <param name="Activation">What follows the scale.</param>
/// <param name="Norm">The normalisation; null for none.</param>
/// <param name="Added">Number of the value added; null for none.</param>
public sealed record CountNumbers(float[] Scale, PackedActivation Activation, Normalisation? Norm, int? Added) : CountResult;

/// <summary>A pointwise function.</summary>
public enum PackedActivation
{
    /// <summary>x.</summary>
    None,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x cut to [-1, 1].</summary>
    HardTanh,
}

/// <summary>
/// Batch norm with what it has learnt: d = x - mean, rounded; d * factor + shift in double, rounded once. One of each a channel.
/// </summary>
/// <param name="Mean">What is taken off.</param>
/// <param name="Factor">What multiplies the rest.</param>
/// <param name="Shift">What is added.</param>
public sealed record Normalisation(float[] Mean, float[] Factor, float[] Shift)
{
    /// <summary>Whether nothing is taken off: a file then has no means.</summary>
    public bool HasNoMean => Array.TrueForAll(Mean, mean => mean == 0);
}

/// <summary>Batch norm by itself, of the activation of its input, and a value added after it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Input">The value it reads.</param>
/// <param name="Activation">What comes before it.</param>
/// <param name="Norm">Its numbers, one a channel; of a flattened image one an element.</param>
/// <param name="Added">Number of the value added; null for none.</param>
public sealed record NormLayer(string Name, int Input, PackedActivation Activation, Normalisation Norm, int? Added)
    : PackedLayer(Name, Input);

/// <summary>An activation by itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Input">The value it reads.</param>
/// <param name="Activation">Which.</param>
public sealed record ActivationLayer(string Name, int Input, PackedActivation Activation) : PackedLayer(Name, Input);

/// <summary>Option A shortcut: every second pixel, as many zero channels before as after.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Input">The value it reads.</param>
/// <param name="Channels">Channels of its result.</param>
public sealed record PadLayer(string Name, int Input, int Channels) : PackedLayer(Name, Input);

/// <summary>The largest number of each window; of signs, -1 where all are.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Input">The value it reads.</param>
/// <param name="Size">Rows, and columns, of a window.</param>
/// <param name="Stride">Pixels from one to the next.</param>
/// <param name="Padding">Pixels it reaches over every edge; at most half of the size.</param>
public sealed record MaxPoolLayer(string Name, int Input, int Size, int Stride, int Padding) : PackedLayer(Name, Input);

/// <summary>Mean of each window's pixels, summed in double row by row, divided and rounded once.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Input">The value it reads.</param>
/// <param name="Size">Rows, and columns, of a window; windows meet and do not overlap. 0 for one window, the image.</param>
public sealed record AveragePoolLayer(string Name, int Input, int Size) : PackedLayer(Name, Input);

/// <summary>[height, width, channels] as [1, 1, height * width * channels].</summary>
/// <param name="Name">Its name.</param>
/// <param name="Input">The value it reads.</param>
public sealed record FlattenLayer(string Name, int Input) : PackedLayer(Name, Input);

/// <summary>Linear layer: products and sums in double in the order of the inputs, the bias added last, rounded once.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Input">The value it reads, of one pixel.</param>
/// <param name="Weights">[outputs, inputs].</param>
/// <param name="Bias">[outputs].</param>
public sealed record LinearLayer(string Name, int Input, RealValues Weights, float[] Bias) : PackedLayer(Name, Input);
