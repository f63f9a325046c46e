using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Which entries of its tables a weight gradient takes, [H, groups, I vectors, K, 16]: for each lane, an input channel, the sign bits of
/// the four input pixels of a group under a column tap. Only the low four bits of a lane count, as a permute reads no more.
/// </summary>
internal readonly unsafe struct TableChoices(ConvGeometry g, int vectors)
{
    private const int Group = 4, Lanes = 16, QuadWords = 8;

    /// <summary>Singles of a row of columns with their padding, 64 bits a column; vectors may read beyond.</summary>
    public static long RowFloats(in ConvGeometry g) => 2 * Floats.Align(Columns(g) + QuadWords);

    /// <summary>Builds those of one image [H,W,words].</summary>
    /// <param name="x">The image's signs.</param>
    /// <param name="choices">Where they go.</param>
    /// <param name="memory">Working memory, two rows of columns.</param>
    public void Build(uint* x, int* choices, float* memory)
    {
        ulong* spread = (ulong*)memory, nibbles = (ulong*)(memory + RowFloats(g));
        int words = Bits.Words(g.I), groups = (g.OW + Group - 1) / Group;
        new Span<ulong>(spread, (int)RowFloats(g) / 2).Clear();
        for (int r = 0; r < g.H; r++, choices += (long)groups * vectors * g.K * Lanes)
            for (int v = 0; v < vectors; v++)
            {
                Spread(x + (long)r * g.W * words + v * Lanes / Bits.PerWord, words, v * Lanes % Bits.PerWord, spread + g.Padding);
                Join(spread, nibbles, Columns(g));
                Expand(nibbles, groups, choices + (long)v * g.K * Lanes);
            }
    }

    // Taps and groups reach past the right border by less than a group and a kernel.
    private static int Columns(in ConvGeometry g) =>
        Math.Max(g.W + g.Padding, (((g.OW + Group - 1) / Group * Group) - 1) * g.Stride + g.K) + Group * g.Stride;

    /// <summary>The sign bits of sixteen channels of each pixel, four bits apart.</summary>
    private void Spread(uint* row, int words, int firstChannel, ulong* target)
    {
        for (int column = 0; column < g.W; column++, row += words)
            target[column] = Bmi2.X64.ParallelBitDeposit(*row >> firstChannel, 0x1111111111111111UL);
    }

    /// <summary>For every column those of the four pixels, a stride apart, that begin there.</summary>
    private void Join(ulong* spread, ulong* nibbles, int columns)
    {
        int stride = g.Stride, count = columns - (Group - 1) * stride;
        for (int c = 0; c < count; c += QuadWords)
        {
            Vector512<ulong> joined = Vector512.Load(spread + c) | (Vector512.Load(spread + c + stride) << 1)
                | (Vector512.Load(spread + c + 2 * stride) << 2) | (Vector512.Load(spread + c + 3 * stride) << 3);
            joined.Store(nibbles + c);
        }
    }

    private void Expand(ulong* nibbles, int groups, int* choices)
    {
        Vector512<uint> shifts = Vector512.Create(0u, 4, 8, 12, 16, 20, 24, 28, 0, 4, 8, 12, 16, 20, 24, 28);
        int taps = g.K;
        for (int group = 0; group < groups; group++, nibbles += Group * g.Stride, choices += vectors * taps * Lanes)
            for (int b = 0; b < taps; b++)
            {
                uint* halves = (uint*)(nibbles + b);
                Vector512<uint> both = Vector512.Create(Vector256.Create(halves[0]), Vector256.Create(halves[1]));
                Avx512F.ShiftRightLogicalVariable(both, shifts).AsInt32().Store(choices + b * Lanes);
            }
    }
}
