using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>Stands where a loss would: backward, it writes given numbers, in the engine's order, into the gradient of a value.</summary>
internal sealed class FedGradient(Device device, Variable value, double[] gradient) : Op
{
    internal override IEnumerable<Tensor?> ForwardTouches => [value.Value];

    internal override IEnumerable<Tensor?> BackwardTouches => [value.Gradient];

    public override void Forward(IKernels kernels)
    {
    }

    public override void Backward(IKernels kernels) => device.WriteReals(value.Gradient!, gradient);

    internal override void Connect(Sealing seal) => Assert.Equal(GradMode.Write, seal.Contribute(value));
}
