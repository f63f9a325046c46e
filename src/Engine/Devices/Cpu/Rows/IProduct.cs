using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// How a row kernel multiplies a real operand by a packed one. An implementation lays a row of the real operand out its own way and then
/// adds products a vector of output channels at a time.
/// </summary>
/// <typeparam name="TSimd">The vector.</typeparam>
internal unsafe interface IProduct<TSimd> where TSimd : unmanaged, ISimd<TSimd>
{
    /// <summary>How many channels of the real operand one unit holds.</summary>
    static abstract int ChannelsPerUnit { get; }

    /// <summary>Singles one unit takes in the laid-out row.</summary>
    static abstract int UnitSize { get; }

    /// <summary>
    /// Units whose packed operands share a lane of a vector: byte j of the lane is that of unit j, and what lies above it is not read.
    /// </summary>
    static abstract int UnitsPerLane { get; }

    /// <summary>Vectors of result channels to compute at once, at most.</summary>
    static abstract int PanelVectors { get; }

    /// <summary>Lays out pixels of a number of channels each, units after one another, the last one filled with zeros.</summary>
    static abstract void Layout(float* source, int pixels, int channels, float* target);

    /// <summary>What <see cref="MultiplyAdd"/> needs of a unit, in a register.</summary>
    static abstract TSimd Expand(float* unit);

    /// <summary>sum + unit times the packed operand.</summary>
    static abstract TSimd MultiplyAdd(TSimd unit, TSimd packed, TSimd sum);
}

/// <summary>A product whose packed operand is signs.</summary>
/// <typeparam name="TSimd">The vector.</typeparam>
internal unsafe interface ISignProduct<TSimd> : IProduct<TSimd> where TSimd : unmanaged, ISimd<TSimd>
{
    /// <summary>
    /// Lays the signs of w [O,K,K,words] out as the product takes them, for some result channels: [kernel rows, taps in the plan's order,
    /// units, width], or with more than one unit a lane, [such units / UnitsPerLane, width].
    /// </summary>
    /// <param name="plan">Of the convolution.</param>
    /// <param name="wBits">The signs.</param>
    /// <param name="g">Sizes.</param>
    /// <param name="transposed">Whether the result channels are input channels.</param>
    /// <param name="first">The first of the channels, a whole number of vectors.</param>
    /// <param name="width">How many, whole vectors; the last may not be there.</param>
    /// <param name="packed">Where they go.</param>
    static abstract void PackPanel(in RowPlan plan, uint* wBits, in ConvGeometry g, bool transposed, int first, int width, float* packed);
}

/// <summary>Signs of a convolution's weights.</summary>
internal static unsafe class WeightSign
{
    /// <summary>+1 or -1: the sign of w[o,a,b,i].</summary>
    public static int Of(uint* wBits, in ConvGeometry g, int o, int a, int b, int i) =>
        Bits.Sign(wBits + (((long)o * g.K + a) * g.K + b) * Bits.Words(g.I), i);
}
