using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Networks;

/// <summary>
/// The language that networks are written in. Each method writes down one layer and names its parameters as the published models
/// do: <c>NAME.weight</c>, <c>NAME.bias</c>, <c>NAME.running_mean</c>, <c>NAME.running_var</c>. Values are one image's: [H,W,C], or
/// [C] after pooling. A layer that does not fit its input throws <see cref="ArgumentException"/>, which says what was expected.
/// What is written once is read in several ways: onto a tape, into a summary.
/// </summary>
public sealed class Layers
{
    private readonly List<Layer> _layers = [];
    private readonly HashSet<string> _names = [];
    private int _values;

    internal Layers(Shape image) => Image = new Value(_values++, image);

    /// <summary>The input.</summary>
    internal Value Image { get; }

    /// <summary>What has been written, in order.</summary>
    internal IReadOnlyList<Layer> Written => _layers;

    /// <summary>
    /// Full-precision convolution without bias: x [H,W,I] to [OH,OW,channels] with OH = (H + 2 padding - kernel) / stride + 1; its
    /// weight is published as [channels,I,kernel,kernel].
    /// </summary>
    public Value Conv(string name, Value x, int channels, int kernel, int stride, int padding, Initialisation initialisation)
    {
        var sizes = new ConvSizes(channels, kernel, stride, padding, initialisation);
        return Write(new ConvLayer(name, x, sizes, NewValue(Convolved(name, x, sizes))));
    }

    /// <summary>
    /// The unit of binary networks, which devices fuse: convolution of sign(x) with sign(w) and its scale; an activation; batch
    /// norm; and where given a shortcut of the output's shape added after it. Shapes as in <see cref="Conv"/>. With real
    /// activations x is not binarised.
    /// </summary>
    /// <param name="conv">Name of the convolution.</param>
    /// <param name="norm">Name of the batch norm.</param>
    /// <param name="x">[H,W,I].</param>
    /// <param name="channels">Channels of the output.</param>
    /// <param name="kernel">Rows, and columns, of the kernel.</param>
    /// <param name="stride">Pixels from one tap to the next.</param>
    /// <param name="padding">Pixels of zero padding on every side; its taps do not count. Less than the kernel.</param>
    /// <param name="initialisation">How the latent weights start.</param>
    /// <param name="shortcut">[OH,OW,channels] or null.</param>
    /// <param name="activation">What stands between convolution and batch norm.</param>
    /// <param name="settings">Constants of batch norm; null for PyTorch's defaults.</param>
    public Value BinaryUnit(string conv, string norm, Value x, int channels, int kernel, int stride, int padding,
        Initialisation initialisation, Value? shortcut = null, Activation activation = Activation.Relu, BatchNormSettings? settings = null)
    {
        var sizes = new ConvSizes(channels, kernel, stride, padding, initialisation);
        Shape output = Convolved(conv, x, sizes);
        CheckShortcut(norm, output, shortcut);
        Claim(norm);
        return Write(new BinaryUnitLayer(conv, norm, x, sizes, activation, settings ?? BatchNormSettings.Default, shortcut,
            NewValue(output)));
    }

    /// <summary>
    /// The convolution of <see cref="BinaryUnit"/> by itself, for networks that have another order. Shapes as in <see cref="Conv"/>.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="x">[H,W,I].</param>
    /// <param name="channels">Channels of the output.</param>
    /// <param name="kernel">Rows, and columns, of the kernel.</param>
    /// <param name="stride">Pixels from one tap to the next.</param>
    /// <param name="padding">Pixels of zero padding on every side; its taps do not count. Less than the kernel.</param>
    /// <param name="initialisation">How the latent weights start.</param>
    public Value BinaryConv(string name, Value x, int channels, int kernel, int stride, int padding, Initialisation initialisation)
    {
        var sizes = new ConvSizes(channels, kernel, stride, padding, initialisation);
        return Write(new BinaryConvLayer(name, x, sizes, NewValue(Convolved(name, x, sizes))));
    }

    /// <summary>
    /// Binary linear layer: x [I] to [outputs], as a 1x1 binary convolution of one pixel; its latent weight is published as [outputs,I].
    /// A bias stays real, except with an estimator that binarises every parameter.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="x">[I].</param>
    /// <param name="outputs">Numbers it gives.</param>
    /// <param name="weight">How the latent weights start.</param>
    /// <param name="bias">How the bias starts; null for a layer without one.</param>
    public Value BinaryLinear(string name, Value x, int outputs, Initialisation weight, Initialisation? bias = null) =>
        Write(new BinaryLinearLayer(name, Vector(name, x), weight, bias, NewValue(new Shape(outputs))));

    /// <summary>
    /// Batch norm over all axes but the last, and where given a shortcut of x's shape added after it. In training it needs
    /// more than one value a channel.
    /// </summary>
    public Value BatchNorm(string name, Value x, Value? shortcut = null, BatchNormSettings? settings = null) =>
        Norm(name, x, rectify: false, shortcut, settings);

    /// <summary>Batch norm of max(x, 0), the order of binary networks, and where given a shortcut of x's shape added after it.</summary>
    public Value ReluBatchNorm(string name, Value x, Value? shortcut = null, BatchNormSettings? settings = null) =>
        Norm(name, x, rectify: true, shortcut, settings);

    /// <summary>max(x, 0), of any shape. At exactly zero no gradient passes.</summary>
    public Value Relu(string name, Value x) => Write(new ActivationLayer(name, x, Activation.Relu, Alike(x)));

    /// <summary>x cut to [-1, 1], of any shape. At and beyond the ends no gradient passes.</summary>
    public Value HardTanh(string name, Value x) => Write(new ActivationLayer(name, x, Activation.HardTanh, Alike(x)));

    /// <summary>
    /// Option A shortcut: x [H,W,I] to [ceil(H/2),ceil(W/2),channels], every second pixel, as many zero channels before as after.
    /// </summary>
    public Value ShortcutPad(string name, Value x, int channels)
    {
        Shape s = Images(name, x);
        if (channels < s[2] || (channels - s[2]) % 2 != 0)
            throw new ArgumentException($"{name}: cannot widen {s} to {channels} channels evenly on both sides");
        return Write(new ShortcutPadLayer(name, x, NewValue(new Shape((s[0] + 1) / 2, (s[1] + 1) / 2, channels))));
    }

    /// <summary>
    /// The largest value of each window: x [H,W,C] to [OH,OW,C] with OH = floor((H + 2 padding - size) / stride) + 1; what lies outside
    /// counts as -inf. Of equal values the first in row-major order takes the gradient.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="x">[H,W,C].</param>
    /// <param name="size">Rows, and columns, of the window: 1 to 16.</param>
    /// <param name="stride">Pixels from one window to the next.</param>
    /// <param name="padding">Pixels it reaches over every edge; at most half of the size.</param>
    public Value MaxPool(string name, Value x, int size, int stride, int padding)
    {
        Shape s = Images(name, x);
        var window = new PoolWindow(size, stride, padding);
        Shape y = window.Output(name, new Shape(1, s[0], s[1], s[2]));
        return Write(new MaxPoolLayer(name, x, window, NewValue(new Shape(y[1], y[2], y[3]))));
    }

    /// <summary>Mean of each image's pixels: x [H,W,C] to [C].</summary>
    public Value AveragePool(string name, Value x) =>
        Write(new AveragePoolLayer(name, x, null, NewValue(new Shape(Images(name, x)[2]))));

    /// <summary>Mean of each window of size x size pixels that meet and do not overlap: x [H,W,C] to [H/size,W/size,C].</summary>
    public Value AveragePool(string name, Value x, int size)
    {
        Shape s = Images(name, x);
        if (size < 1 || s[0] % size != 0 || s[1] % size != 0)
            throw new ArgumentException($"{name}: windows of {size}x{size} do not fill {s}");
        return Write(new AveragePoolLayer(name, x, size, NewValue(new Shape(s[0] / size, s[1] / size, s[2]))));
    }

    /// <summary>
    /// x [H,W,C] as [H*W*C]. What is published of the layers after it, a linear layer's columns and a batch norm's channels, has the
    /// order in which PyTorch flattens [C,H,W].
    /// </summary>
    public Value Flatten(string name, Value x)
    {
        Shape s = Images(name, x);
        return Write(new FlattenLayer(name, x, new Value(_values++, new Shape(checked((int)s.Count)), s)));
    }

    /// <summary>Linear layer with bias: x [I] to [outputs]; its weight is published as [outputs,I].</summary>
    public Value Linear(string name, Value x, int outputs, Initialisation weight, Initialisation bias) =>
        Write(new LinearLayer(name, Vector(name, x), weight, bias, NewValue(new Shape(outputs))));

    private Value Norm(string name, Value x, bool rectify, Value? shortcut, BatchNormSettings? settings)
    {
        CheckShortcut(name, x.Shape, shortcut);
        return Write(new BatchNormLayer(name, x, rectify, settings ?? BatchNormSettings.Default, shortcut, Alike(x)));
    }

    private Value Write(Layer layer)
    {
        Claim(layer.Name);
        _layers.Add(layer);
        return layer.Output;
    }

    private void Claim(string name)
    {
        if (name.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException($"{name}: a layer's name has no '/', which files put between an optimiser's state and a parameter");
        if (!_names.Add(name))
            throw new ArgumentException($"{name}: two layers have this name");
    }

    private Value NewValue(Shape shape) => new(_values++, shape);

    /// <summary>A value of the same shape, whose elements mean the same.</summary>
    private Value Alike(Value x) => new(_values++, x.Shape, x.Flattened);

    private static Shape Images(string name, Value x) =>
        x.Shape.Rank == 3 ? x.Shape : throw new ArgumentException($"{name}: expected [H,W,C], got {x.Shape}");

    private static Value Vector(string name, Value x) =>
        x.Shape.Rank == 1 ? x : throw new ArgumentException($"{name}: expected [I], got {x.Shape}; pool or flatten it first");

    private static Shape Convolved(string name, Value x, in ConvSizes sizes)
    {
        Shape s = Images(name, x);
        var g = ConvGeometry.Of(name, new Shape(1, s[0], s[1], s[2]), new Shape(sizes.Channels, sizes.Kernel, sizes.Kernel, s[2]),
            sizes.Stride, sizes.Padding);
        return new Shape(g.OH, g.OW, g.O);
    }

    private static void CheckShortcut(string name, Shape x, Value? shortcut)
    {
        if (shortcut != null && shortcut.Shape != x)
            throw new ArgumentException($"{name}: the shortcut {shortcut.Shape} and the input {x} must agree");
    }
}
