using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReSTE.Native.Images.Resizing;

/// <summary>
/// <see cref="Taps"/> as vectors along a row of pixels want them: the same number of source pixels for every output pixel, each weight once
/// for each of a pixel's four bytes, and output pixels in fours, so that four sums become pixels at once. Where an output pixel has fewer
/// source pixels, weights are zero. None begins so late that its vectors would go past the source, but for the rest of one vector where
/// the source itself is shorter.
/// </summary>
internal sealed class PixelTaps
{
    /// <summary>Output pixels that are made at once.</summary>
    public const int Group = 4;

    /// <summary>First source pixel of each output pixel.</summary>
    public int[] First { get; private set; } = [];

    /// <summary>Weights in the order of their use: [groups, vectors of an output, outputs of a group, pixels of a vector, 4].</summary>
    public int[] Weights { get; private set; } = [];

    /// <summary>Source pixels of every output pixel.</summary>
    public int Stride { get; private set; }

    /// <summary>Output pixels, rounded up to whole groups: those beyond are of no meaning.</summary>
    public int Outputs { get; private set; }

    /// <summary>Lays taps out.</summary>
    /// <param name="taps">Which source pixels make an output pixel.</param>
    /// <param name="source">Pixels of the source.</param>
    /// <param name="pixels">Pixels in a vector.</param>
    public void Set(Taps taps, int source, int pixels)
    {
        Outputs = (taps.Outputs + Group - 1) / Group * Group;
        Stride = (taps.Stride + pixels - 1) / pixels * pixels;
        int needed = checked(Outputs * Stride * ImageBuffer.PixelBytes);
        if (First.Length < Outputs)
            First = new int[Outputs];
        if (Weights.Length < needed)
            Weights = GC.AllocateUninitializedArray<int>(needed);
        Weights.AsSpan(0, needed).Clear();
        Span<Vector128<int>> weights = MemoryMarshal.Cast<int, Vector128<int>>(Weights.AsSpan(0, needed));
        int latest = Math.Max(0, source - Stride);
        for (int i = 0; i < Outputs; i++)
        {
            int like = Math.Min(i, taps.Outputs - 1);
            First[i] = Math.Min(taps.First[like], latest);
            Spread(taps.Weights.AsSpan(like * taps.Stride, taps.Count[like]), taps.First[like] - First[i],
                weights[(i / Group * Group * Stride + i % Group * pixels)..], pixels);
        }
    }

    /// <summary>Writes an output pixel's weights, the first of them in a place of its vectors.</summary>
    private static void Spread(ReadOnlySpan<int> from, int place, Span<Vector128<int>> to, int pixels)
    {
        // The other outputs of the group come between one vector and the next.
        int vector = place / pixels * pixels * Group, within = place % pixels;
        foreach (int weight in from)
        {
            to[vector + within] = Vector128.Create(weight);
            if (++within == pixels)
                (vector, within) = (vector + pixels * Group, 0);
        }
    }
}
