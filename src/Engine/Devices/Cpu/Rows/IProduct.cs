using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// How a row kernel multiplies a real operand by a packed one. An implementation lays a row of the real operand out its own way and then adds
/// products a vector of output channels at a time.
/// </summary>
/// <typeparam name="TSimd">The vector.</typeparam>
internal unsafe interface IProduct<TSimd> where TSimd : unmanaged, ISimd<TSimd>
{
    /// <summary>How many channels of the real operand one unit holds.</summary>
    static abstract int ChannelsPerUnit { get; }

    /// <summary>Singles one unit takes in the laid-out row.</summary>
    static abstract int UnitSize { get; }

    /// <summary>Lays out pixels of so many channels each, units after one another, the last one filled with zeros.</summary>
    static abstract void Layout(float* source, int pixels, int channels, float* target);

    /// <summary>What <see cref="MultiplyAdd"/> needs of a unit, in a register.</summary>
    static abstract TSimd Expand(float* unit);

    /// <summary>sum + unit times the packed operand.</summary>
    static abstract TSimd MultiplyAdd(TSimd unit, TSimd packed, TSimd sum);
}
