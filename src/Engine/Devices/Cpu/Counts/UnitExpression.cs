using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>The float expression of a unit between its sum and its shortcut: constants of all channels.</summary>
internal readonly unsafe struct UnitExpression(float* scales, float* means, float* factors, float* shifts, bool rectify)
{
    /// <summary>That of as many channels as a vector has, from one on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ChannelExpression<T> Of<T>(int channel) where T : unmanaged, ISimd<T> =>
        new(T.Load(scales + channel), T.Broadcast(rectify ? 0 : float.NegativeInfinity), T.Load(means + channel),
            T.Load(factors + channel), T.Load(shifts + channel));
}

/// <summary>(max(scale sum, floor) - mean) factor + shift, rounded as the single operations round.</summary>
internal readonly struct ChannelExpression<T>(T scale, T floor, T mean, T factor, T shift) where T : unmanaged, ISimd<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Of(T sum) => T.MultiplyAddOnce(T.Max(sum * scale, floor) - mean, factor, shift);
}
