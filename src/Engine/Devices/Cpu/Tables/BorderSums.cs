using System.Runtime.Intrinsics;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// What a weight gradient of packed signs has too much where the left and right padding counts as +1: the gradients of the output pixels
/// whose tap lies there, [K,K,O].
/// </summary>
internal static unsafe class BorderSums
{
    private const int Lanes = 8;

    public static long Floats(in ConvGeometry g) => (long)g.K * g.K * g.O;

    /// <summary>Output rows whose tap (a, .) lies inside the image.</summary>
    public static (int First, int End) ValidRows(in ConvGeometry g, int a)
    {
        int first = 0, end = g.OH;
        while (first < end && first * g.Stride + a - g.Padding < 0)
            first++;
        while (end > first && (end - 1) * g.Stride + a - g.Padding >= g.H)
            end--;
        return (first, end);
    }

    /// <summary>Adds those of one image and some output channels.</summary>
    public static void Add(ConvGeometry g, float* dy, int firstOutput, int endOutput, float* borders)
    {
        for (int b = 0; b < g.K; b++)
            for (int q = 0; q < g.OW; q++)
            {
                if ((uint)(q * g.Stride + b - g.Padding) < (uint)g.W)
                    continue;
                for (int a = 0; a < g.K; a++)
                {
                    var (first, end) = ValidRows(g, a);
                    float* border = borders + ((long)a * g.K + b) * g.O + firstOutput;
                    for (int p = first; p < end; p++)
                        AddTo(border, dy + ((long)p * g.OW + q) * g.O + firstOutput, endOutput - firstOutput);
                }
            }
    }

    private static void AddTo(float* sum, float* values, int count)
    {
        int i = 0;
        for (; i + Lanes <= count; i += Lanes)
            (Vector256.Load(sum + i) + Vector256.Load(values + i)).Store(sum + i);
        for (; i < count; i++)
            sum[i] += values[i];
    }
}
