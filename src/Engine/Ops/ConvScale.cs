using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// The scale of a convolution's binary weights. One number a layer is applied to each finished sum, so that the sums stay integers;
/// one a channel multiplies the result, and backward the gradient before the input gradient's sum over the channels.
/// </summary>
internal sealed class ConvScale
{
    private readonly Tensor? _channels;

    /// <param name="tape">Where the convolution is recorded.</param>
    /// <param name="name">Its name.</param>
    /// <param name="scale">real [1] or [O]; null for none.</param>
    /// <param name="output">Shape of its result.</param>
    public ConvScale(Tape tape, string name, Tensor? scale, Shape output)
    {
        if (scale != null && scale.Shape.Count != 1 && scale.Shape.Count != output.Last)
            throw new ArgumentException($"{name}: a scale is one number or one for each of {output.Last} channels, not {scale.Shape}");
        if (scale is { Shape.Count: 1 })
            Layer = scale;
        else
            _channels = scale;
        if (_channels != null && tape.Training)
            ScaledGradient = tape.NewTensor(name + ".scaled_gradient", output);
    }

    /// <summary>The layer's number, for the kernels; null where there is none.</summary>
    public Tensor? Layer { get; }

    /// <summary>Working memory: the gradient times the scale of each channel; null where a layer has one scale.</summary>
    public Tensor? ScaledGradient { get; }

    /// <summary>Multiplies a result that the kernels have not scaled.</summary>
    public void Apply(IKernels kernels, Tensor y)
    {
        if (_channels != null)
            kernels.ChannelScale(y, _channels, y);
    }

    /// <summary>The gradient that the input gradient's sum is to take.</summary>
    public Tensor Scaled(IKernels kernels, Tensor dy)
    {
        if (_channels == null)
            return dy;
        kernels.ChannelScale(dy, _channels, ScaledGradient!);
        return ScaledGradient!;
    }
}
