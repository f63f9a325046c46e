using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>A value that an op takes or gives, and its gradient where one is needed.</summary>
internal sealed class Variable
{
    internal Variable(Tensor value, bool needsGradient, Shape? gradientShape = null)
    {
        Value = value;
        NeedsGradient = needsGradient;
        GradientShape = gradientShape ?? value.Shape;
    }

    /// <summary>The value.</summary>
    internal Tensor Value { get; }

    /// <summary>Its gradient: a parameter's from the start, another's once the tape is sealed and some op contributes to it.</summary>
    internal Tensor? Gradient { get; set; }

    /// <summary>The packed signs of the value, where the op that made it also packed them.</summary>
    internal Tensor? Signs { get; set; }

    /// <summary>Whether a loss can depend on it through something trainable.</summary>
    internal bool NeedsGradient { get; }

    /// <summary>Shape of the value: [N,H,W,C], or [N,C] after pooling.</summary>
    public Shape Shape => Value.Shape;

    /// <summary>Shape of the gradient: the value's, except that the gradient of packed bits has one real a channel.</summary>
    internal Shape GradientShape { get; }
}
