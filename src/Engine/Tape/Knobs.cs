using ReSTE.Native.Devices;
using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>
/// The numbers that change between epochs, in device memory: a captured graph would freeze anything passed by value.
/// One tensor of reals whose slots are named here.
/// </summary>
internal sealed class Knobs
{
    internal const int LearningRateSlot = 0, MomentumSlot = 1, WeightDecaySlot = 2, IndicatorExponentSlot = 3;
    internal const int WeightSlopeSlot = 4, ActivationSlopeSlot = 8, Count = 12;

    private readonly Device _device;
    private readonly double[] _values = new double[Count];

    internal Knobs(Device device)
    {
        _device = device;
        Tensor = device.NewTensor("knobs", new Shape(Count));
    }

    /// <summary>The block of numbers, [12].</summary>
    public Tensor Tensor { get; }

    /// <summary>Sets what SGD reads.</summary>
    public void SetOptimiser(double learningRate, double momentum, double weightDecay)
    {
        _values[LearningRateSlot] = learningRate;
        _values[MomentumSlot] = momentum;
        _values[WeightDecaySlot] = weightDecay;
    }

    /// <summary>Sets the exponent o that the estimating error is measured with.</summary>
    public void SetIndicatorExponent(double o) => _values[IndicatorExponentSlot] = o;

    /// <summary>Sets the parameters of the slopes of weights and activations.</summary>
    public void SetSlopes(SlopeParameters weights, SlopeParameters activations)
    {
        Set(WeightSlopeSlot, weights);
        Set(ActivationSlopeSlot, activations);
    }

    /// <summary>Copies the numbers to the device.</summary>
    public void Upload() => _device.WriteReals(Tensor, _values);

    private void Set(int slot, SlopeParameters p)
    {
        _values[slot] = p.P0;
        _values[slot + 1] = p.P1;
        _values[slot + 2] = p.P2;
        _values[slot + 3] = p.P3;
    }
}
