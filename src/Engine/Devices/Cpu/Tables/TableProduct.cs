using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Real times ±1 by table look-up: a unit is the 16 possible sums ±a±b±c±d of four channels, and one permute fetches, for 16 output
/// channels at once, the sum that their four weight signs choose. One permute and one addition replace four multiply-adds. The packed
/// operand holds the four sign bits of each output channel as a number from 0 to 15; bit k set means channel k counts negative. Needs
/// AVX-512F.
/// </summary>
/// <remarks>
/// A choice is a byte: a permute reads the lowest four bits of a lane alone, so that a vector loaded j bytes further on chooses for the
/// next unit. Measured on one Zen 5 core, four pixels by four vectors, G products/s for 512, 256, 128 and 64 channels: this 324, 330, 328
/// and 344; choices of four bytes by two vectors 217, 255, 289 and 297, by four 252, 306, 317 and 284, for they do not stay in the second
/// level; nibbles and shifts 315, 296, 287 and 291; registers alone 370.
/// </remarks>
internal readonly unsafe struct TableProduct : ISignProduct<Simd512>
{
    public static int ChannelsPerUnit => 4;

    public static int UnitSize => 16;

    public static int UnitsPerLane => sizeof(int);

    public static int PanelVectors => 4;

    public static void Layout(float* source, int pixels, int channels, float* target)
    {
        int whole = channels / 4 * 4;
        float* tail = stackalloc float[4];
        for (int p = 0; p < pixels; p++, source += channels)
        {
            for (int c = 0; c < whole; c += 4, target += 16)
                Table(source + c, target);
            if (whole == channels)
                continue;
            for (int k = 0; k < 4; k++)
                tail[k] = whole + k < channels ? source[whole + k] : 0;
            Table(tail, target);
            target += 16;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Expand(float* unit) => Simd512.Load(unit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 MultiplyAdd(Simd512 unit, Simd512 packed, Simd512 sum) =>
        new(sum.Value + Avx512F.PermuteVar16x32(unit.Value, packed.Value.AsInt32()));

    /// <summary>The sign bits of four source channels as one number for each result channel.</summary>
    public static void PackPanel(in RowPlan plan, uint* wBits, in ConvGeometry g, bool transposed, int first, int width, float* packed)
    {
        int unit = 0;
        for (int a = 0; a < g.K; a++)
            for (int phase = 0; phase < plan.Phases; phase++)
                for (int t = 0; t < plan.Taps(phase); t++)
                    for (int s = 0; s < plan.SourceChannels; s += ChannelsPerUnit, unit++)
                    {
                        int* choices = (int*)packed + unit / UnitsPerLane * width;
                        int shift = unit % UnitsPerLane * 8;
                        if (shift == 0)
                            new Span<int>(choices, width).Clear();
                        if (transposed)
                            PutTransposed(wBits, g, (a, plan.Tap(phase, t)), s, first, Math.Min(width, g.I - first), choices, shift);
                        else
                            Put(wBits, g, (a, plan.Tap(phase, t)), s, first, Math.Min(width, g.O - first), choices, shift);
                    }
    }

    private static void Put(uint* wBits, in ConvGeometry g, (int Row, int Column) tap, int source, int first, int count, int* choices,
        int shift)
    {
        for (int k = 0; k < ChannelsPerUnit && source + k < g.I; k++)
            for (int c = 0; c < count; c++)
                choices[c] |= WeightSign.Of(wBits, g, first + c, tap.Row, tap.Column, source + k) < 0 ? 1 << (shift + k) : 0;
    }

    // The result channels are the bits of a filter's words.
    private static void PutTransposed(uint* wBits, in ConvGeometry g, (int Row, int Column) tap, int source, int first, int count,
        int* choices, int shift)
    {
        int words = Bits.Words(g.I);
        Vector512<uint> lanes = Vector512<uint>.Indices;
        for (int c = 0; c < count; c += Simd512.Width)
        {
            int word = (first + c) / Bits.PerWord, bit = (first + c) % Bits.PerWord;
            Vector512<uint> chosen = default;
            for (int k = 0; k < ChannelsPerUnit && source + k < g.O; k++)
            {
                uint signs = wBits[((((long)source + k) * g.K + tap.Row) * g.K + tap.Column) * words + word] >> bit;
                chosen |= (Avx512F.ShiftRightLogicalVariable(Vector512.Create(signs), lanes) & Vector512<uint>.One) << k;
            }

            (Vector512.Load(choices + c) | (chosen << shift).AsInt32()).Store(choices + c);
        }
    }

    /// <summary>The 16 signed sums of four values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Table(float* values, float* target) => Sums(values[0], values[1], values[2], values[3]).Store(target);

    /// <summary>The 16 signed sums: entry i counts value k negative where bit k of i is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sums(float a, float b, float c, float d)
    {
        Vector512<float> s0 = Vector512.Create(1f, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1);
        Vector512<float> s1 = Vector512.Create(1f, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1);
        Vector512<float> s2 = Vector512.Create(1f, 1, 1, 1, -1, -1, -1, -1, 1, 1, 1, 1, -1, -1, -1, -1);
        Vector512<float> s3 = Vector512.Create(1f, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1, -1);
        Vector512<float> low = Vector512.FusedMultiplyAdd(Vector512.Create(b), s1, Vector512.Create(a) * s0);
        Vector512<float> high = Vector512.FusedMultiplyAdd(Vector512.Create(d), s3, Vector512.Create(c) * s2);
        return low + high;
    }
}
