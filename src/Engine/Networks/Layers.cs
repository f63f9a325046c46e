using ReSTE.Native.Estimators;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Networks;

/// <summary>
/// What a network is written in: each method records one layer and names its parameters as the published models do: <c>NAME.weight</c>,
/// <c>NAME.bias</c>, <c>NAME.running_mean</c>, <c>NAME.running_var</c>. Values are [N,H,W,C], or [N,C] behind pooling. A layer that does not fit its
/// input, or a name that is taken by another shape, throws <see cref="ArgumentException"/>, which says what was expected.
/// </summary>
public sealed class Layers
{
    private readonly Tape _tape;
    private readonly Estimator _estimator;
    private readonly bool _realActivations;

    /// <param name="tape">Where it records.</param>
    /// <param name="estimator">How binary layers find their gradients.</param>
    /// <param name="realActivations">1W/32A: binary layers binarise their weights only.</param>
    internal Layers(Tape tape, Estimator estimator, bool realActivations) => (_tape, _estimator, _realActivations) = (tape, estimator, realActivations);

    /// <summary>
    /// Full-precision convolution without bias: x [N,H,W,I] to [N,OH,OW,channels] with OH = (H + 2 padding - kernel) / stride + 1; its weight is published as
    /// [channels,I,kernel,kernel].
    /// </summary>
    public Variable Conv(string name, Variable x, int channels, int kernel, int stride, int padding, Initialisation initialisation) =>
        Ops.Conv.Record(_tape, name, x, ConvWeight(name, x, channels, kernel, initialisation, isBinary: false), stride, padding);

    /// <summary>
    /// The unit of binary networks, which devices fuse: convolution of sign(x) with sign(w), scaled by mean |w|; ReLU; batch norm; and where given a shortcut
    /// of the output's shape added behind. Shapes as in <see cref="Conv"/>. With real activations x is not binarised.
    /// </summary>
    /// <param name="conv">Name of the convolution.</param>
    /// <param name="norm">Name of the batch norm.</param>
    /// <param name="x">[N,H,W,I].</param>
    /// <param name="channels">Channels of the output.</param>
    /// <param name="kernel">Rows, and columns, of the kernel.</param>
    /// <param name="stride">Pixels from one tap to the next.</param>
    /// <param name="padding">Pixels of zero padding on every side; its taps do not count. Less than the kernel.</param>
    /// <param name="initialisation">How the latent weights start.</param>
    /// <param name="shortcut">[N,OH,OW,channels] or null.</param>
    public Variable BinaryUnit(string conv, string norm, Variable x, int channels, int kernel, int stride, int padding,
        Initialisation initialisation, Variable? shortcut = null)
    {
        Parameter w = ConvWeight(conv, x, channels, kernel, initialisation, isBinary: true);
        return Ops.BinaryUnit.Record(_tape, conv, norm, x, w, stride, padding, _estimator, _realActivations, shortcut);
    }

    /// <summary>
    /// Batch norm over all axes but the last, eps 1e-5, momentum 0.1, and where given a shortcut of x's shape added behind. In training it needs more than one
    /// value a channel.
    /// </summary>
    public Variable BatchNorm(string name, Variable x, Variable? shortcut = null) => Ops.BatchNorm.Record(_tape, name, x, rectify: false, shortcut);

    /// <summary>Batch norm of max(x, 0): the order of binary networks.</summary>
    public Variable ReluBatchNorm(string name, Variable x) => Ops.BatchNorm.Record(_tape, name, x, rectify: true, shortcut: null);

    /// <summary>max(x, 0), of any shape. At exactly zero no gradient passes.</summary>
    public Variable Relu(string name, Variable x) => Ops.Relu.Record(_tape, name, x);

    /// <summary>Option A shortcut: x [N,H,W,I] to [N,ceil(H/2),ceil(W/2),channels], every second pixel, as many zero channels before as behind.</summary>
    public Variable ShortcutPad(string name, Variable x, int channels) => Ops.ShortcutPad.Record(_tape, name, x, channels);

    /// <summary>Mean of each image's pixels: x [N,H,W,C] to [N,C].</summary>
    public Variable AveragePool(string name, Variable x) => Ops.AveragePool.Record(_tape, name, x);

    /// <summary>Linear layer with bias: x [N,I] to [N,outputs]; its weight is published as [outputs,I].</summary>
    public Variable Linear(string name, Variable x, int outputs, Initialisation weight, Initialisation bias)
    {
        Shape shape = new(outputs, x.Shape.Last);
        ParameterSet p = _tape.Parameters;
        return Ops.Linear.Record(_tape, name, x, p.Parameter(name + ".weight", PublishedLayout.Same(shape), weight),
            p.Parameter(name + ".bias", PublishedLayout.Same(new Shape(outputs)), bias));
    }

    private Parameter ConvWeight(string name, Variable x, int channels, int kernel, Initialisation initialisation, bool isBinary) =>
        _tape.Parameters.Parameter(name + ".weight", PublishedLayout.Convolution(channels, x.Shape.Last, kernel), initialisation, isBinary);
}
