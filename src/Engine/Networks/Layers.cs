using ReSTE.Native.Estimators;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Networks;

/// <summary>
/// What a network is written in: each method records one layer on a tape and names its parameters as the published model does. The unit
/// [binary convolution, ReLU, batch norm, shortcut] is one call, so that it can become one fused op without the networks noticing.
/// </summary>
/// <param name="tape">Where it records.</param>
/// <param name="estimator">How binary layers find their gradients.</param>
/// <param name="realActivations">1W/32A: binary layers binarise their weights only.</param>
public sealed class Layers(Tape tape, Estimator estimator, bool realActivations)
{
    /// <summary>Full-precision convolution without bias.</summary>
    public Variable Conv(string name, Variable x, int channels, int kernel, int stride, int padding, Initialisation initialisation) =>
        Ops.Conv.Record(tape, name, x, ConvWeight(name, x, channels, kernel, initialisation, isBinary: false), stride, padding);

    /// <summary>Binary convolution, ReLU, batch norm, and where given a shortcut added behind.</summary>
    public Variable BinaryUnit(string conv, string norm, Variable x, int channels, int kernel, int stride, int padding,
        Initialisation initialisation, Variable? shortcut = null)
    {
        Parameter w = ConvWeight(conv, x, channels, kernel, initialisation, isBinary: true);
        return Ops.BinaryUnit.Record(tape, conv, norm, x, w, stride, padding, estimator, realActivations, shortcut);
    }

    /// <summary>Batch norm, and where given a shortcut added behind.</summary>
    public Variable BatchNorm(string name, Variable x, Variable? shortcut = null) => Ops.BatchNorm.Record(tape, name, x, rectify: false, shortcut);

    /// <summary>Batch norm of max(x, 0): the order of binary networks.</summary>
    public Variable ReluBatchNorm(string name, Variable x) => Ops.BatchNorm.Record(tape, name, x, rectify: true, shortcut: null);

    /// <summary>max(x, 0).</summary>
    public Variable Relu(string name, Variable x) => Ops.Relu.Record(tape, name, x);

    /// <summary>Option A shortcut: every second pixel, zero channels on both sides.</summary>
    public Variable ShortcutPad(string name, Variable x, int channels) => Ops.ShortcutPad.Record(tape, name, x, channels);

    /// <summary>Mean of each image's pixels.</summary>
    public Variable AveragePool(string name, Variable x) => Ops.AveragePool.Record(tape, name, x);

    /// <summary>Linear layer with bias.</summary>
    public Variable Linear(string name, Variable x, int outputs, Initialisation weight, Initialisation bias)
    {
        Shape shape = new(outputs, x.Shape.Last);
        ParameterSet p = tape.Parameters;
        return Ops.Linear.Record(tape, name, x, p.Parameter(name + ".weight", PublishedLayout.Same(shape), weight),
            p.Parameter(name + ".bias", PublishedLayout.Same(new Shape(outputs)), bias));
    }

    private Parameter ConvWeight(string name, Variable x, int channels, int kernel, Initialisation initialisation, bool isBinary) =>
        tape.Parameters.Parameter(name + ".weight", PublishedLayout.Convolution(channels, x.Shape.Last, kernel), initialisation, isBinary);
}
