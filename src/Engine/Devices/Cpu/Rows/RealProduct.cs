using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Real times real: one channel a unit, multiplied and added.</summary>
internal readonly unsafe struct RealProduct<TSimd> : IProduct<TSimd> where TSimd : unmanaged, ISimd<TSimd>
{
    public static int ChannelsPerUnit => 1;

    public static int UnitSize => 1;

    public static void Layout(float* source, int pixels, int channels, float* target) =>
        Unsafe.CopyBlockUnaligned(target, source, (uint)(pixels * channels * sizeof(float)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd Expand(float* unit) => TSimd.Broadcast(*unit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd MultiplyAdd(TSimd unit, TSimd packed, TSimd sum) => TSimd.MultiplyAdd(unit, packed, sum);
}
