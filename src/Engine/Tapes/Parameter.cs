using ReSTE.Native.Devices;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>Something that is trained.</summary>
public sealed class Parameter : StateTensor
{
    private readonly OrderedDictionary<string, StateTensor> _states = [];

    internal Parameter(Device device, string name, PublishedLayout layout, Initialisation initialisation, bool isBinary)
        : base(device, name, device.NewTensor(name, layout.Engine), layout, initialisation)
    {
        Variable = new Variable(Value, needsGradient: true) { Gradient = device.NewTensor("d " + name, layout.Engine) };
        IsBinary = isBinary;
    }

    /// <summary>The value and its gradient, for ops.</summary>
    internal Variable Variable { get; }

    /// <summary>What the optimiser keeps of it between steps, by the optimiser's names: SGD keeps its "momentum".</summary>
    public IReadOnlyDictionary<string, StateTensor> States => _states;

    /// <summary>Whether these are the latent weights of a binary layer: the forward pass sees their signs and their scale.</summary>
    public bool IsBinary { get; }

    /// <summary>The gradient of the last training step, row-major in the published layout; zeros before the first.</summary>
    public double[] ReadGradient() => Layout.ToPublished(Device.ReadReals(Variable.Gradient!));

    /// <summary>Makes the state of a name.</summary>
    internal void Keep(string state) => _states.Add(state,
        new StateTensor(Device, Name, Device.NewTensor($"{state} of {Name}", Layout.Engine), Layout, Initialisation.Constant(0)));
}
