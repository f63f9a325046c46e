using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>Something that is trained.</summary>
public sealed class Parameter : StateTensor
{
    internal Parameter(string name, Tensor value, Tensor gradient, Tensor momentum, PublishedLayout layout, Initialisation initialisation, bool isBinary)
        : base(name, value, layout, initialisation)
    {
        Variable = new Variable(value, needsGradient: true) { Gradient = gradient };
        Momentum = new StateTensor(name, momentum, layout, Initialisation.Constant(0));
        IsBinary = isBinary;
    }

    /// <summary>The value and its gradient, for ops.</summary>
    internal Variable Variable { get; }

    /// <summary>SGD's momentum of it.</summary>
    public StateTensor Momentum { get; }

    /// <summary>Whether these are the latent weights of a binary layer: the forward pass sees their signs and one scale.</summary>
    public bool IsBinary { get; }

    /// <summary>The gradient of the last training step, row-major in the published layout; zeros before the first.</summary>
    public double[] ReadGradient() => Layout.ToPublished(Value.Device.ReadReals(Variable.Gradient!));
}
