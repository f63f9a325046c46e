using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Real times ±1 by <see cref="HalfTable"/>: a unit is the table of four channels, and what is packed chooses from it for eight output
/// channels at once. The sums are those that <see cref="TableProduct"/> makes of the same four.
/// </summary>
internal readonly unsafe struct HalfTableProduct : ISignProduct<Simd256>
{
    public static int ChannelsPerUnit => HalfTable.Values;

    public static int UnitSize => HalfTable.Size;

    public static int UnitsPerLane => 1;

    public static int PanelVectors => 2;

    public static void Layout(float* source, int pixels, int channels, float* target)
    {
        int whole = channels / 4 * 4, rest = channels - whole;
        for (int p = 0; p < pixels; p++, source += channels)
        {
            for (int c = 0; c < whole; c += 4, target += HalfTable.Size)
                HalfTable.Sums(source[c], source[c + 1], source[c + 2], source[c + 3]).Store(target);
            if (rest == 0)
                continue;
            float* tail = source + whole;
            HalfTable.Sums(tail[0], rest > 1 ? tail[1] : 0, rest > 2 ? tail[2] : 0, 0).Store(target);
            target += HalfTable.Size;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Expand(float* unit) => Simd256.Load(unit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 MultiplyAdd(Simd256 unit, Simd256 packed, Simd256 sum) =>
        new(HalfTable.Add(unit.Value, packed.Value, sum.Value));

    /// <summary>A vector of choices for eight result channels, of four source channels; channels that do not exist count as +1.</summary>
    public static void PackPanel(in RowPlan plan, uint* wBits, in ConvGeometry g, bool transposed, int first, int width, float* packed)
    {
        int words = Bits.Words(g.I);
        long filter = (long)g.K * g.K * words;
        for (int a = 0; a < g.K; a++)
            for (int phase = 0; phase < plan.Phases; phase++)
                for (int t = 0; t < plan.Taps(phase); t++)
                {
                    uint* tap = wBits + ((long)a * g.K + plan.Tap(phase, t)) * words;
                    for (int s = 0; s < plan.SourceChannels; s += HalfTable.Values, packed += width)
                    {
                        if (transposed)
                            PackInputs(tap + s * filter, filter, Math.Min(HalfTable.Values, g.O - s), first, width, packed);
                        else
                            PackOutputs(tap, filter, s, first, Math.Min(width, g.O - first), width, packed);
                    }
                }
    }

    /// <summary>The result channels are input channels, whose signs lie in words; the source channels are up to four filters.</summary>
    private static void PackInputs(uint* signs, long filter, int filters, int first, int width, float* packed)
    {
        uint* interleaved = stackalloc uint[HalfTable.Values];
        for (int c = first; c < first + width; c += HalfTable.Size, packed += HalfTable.Size)
        {
            if (c == first || c % Bits.PerWord == 0)
            {
                uint* word = signs + c / Bits.PerWord;
                HalfTable.Interleave(Vector128.Create(word[0], filters > 1 ? word[filter] : 0, filters > 2 ? word[2 * filter] : 0,
                    filters > 3 ? word[3 * filter] : 0)).Store(interleaved);
            }

            HalfTable.Choices(interleaved[c % Bits.PerWord / HalfTable.Size]).Store(packed);
        }
    }

    /// <summary>The result channels are filters; the source channels are input channels, whose signs lie side by side in a word.</summary>
    private static void PackOutputs(uint* tap, long filter, int source, int first, int filters, int width, float* packed)
    {
        for (int o = 0; o < filters; o++)
            packed[o] = HalfTable.Choice(tap[(first + o) * filter + source / Bits.PerWord] >> (source % Bits.PerWord));
        for (int o = filters; o < width; o++)
            packed[o] = HalfTable.Choice(0);
    }
}
