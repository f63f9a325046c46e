using System.Runtime.CompilerServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>Real times real: one channel a unit, multiplied and added. Signs are unpacked to ±1.</summary>
internal readonly unsafe struct RealProduct<TSimd> : ISignProduct<TSimd> where TSimd : unmanaged, ISimd<TSimd>
{
    public static int ChannelsPerUnit => 1;

    public static int UnitSize => 1;

    public static int UnitsPerLane => 1;

    public static int PanelVectors => 2;

    public static void Layout(float* source, int pixels, int channels, float* target) =>
        Unsafe.CopyBlockUnaligned(target, source, (uint)(pixels * channels * sizeof(float)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd Expand(float* unit) => TSimd.Broadcast(*unit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TSimd MultiplyAdd(TSimd unit, TSimd packed, TSimd sum) => TSimd.MultiplyAdd(unit, packed, sum);

    public static void PackPanel(in RowPlan plan, uint* wBits, in ConvGeometry g, bool transposed, int first, int width, float* packed)
    {
        int there = Math.Min(width, plan.Channels - first);
        for (int a = 0; a < g.K; a++)
            for (int phase = 0; phase < plan.Phases; phase++)
                for (int t = 0; t < plan.Taps(phase); t++)
                    for (int s = 0; s < plan.SourceChannels; s++, packed += width)
                    {
                        int tap = plan.Tap(phase, t);
                        for (int c = 0; c < width; c++)
                            packed[c] = c >= there ? 0
                                : WeightSign.Of(wBits, g, transposed ? s : first + c, a, tap, transposed ? first + c : s);
                    }
    }
}
