using System.Runtime.Intrinsics;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The walk over the rows and groups of one image for four output channels and two vectors of choices or one; a vector is one tap of eight
/// input channels.
/// </summary>
internal readonly unsafe struct HalfTableSweep
{
    /// <summary>Output channels a block has.</summary>
    public const int Block = 4;

    public required int Rows { get; init; }

    public required int Groups { get; init; }

    /// <summary>Singles from a group's choices to the next one's.</summary>
    public required int ChoiceStep { get; init; }

    /// <summary>Singles from a row's choices to those of the next output row.</summary>
    public required long RowStep { get; init; }

    /// <summary>Singles from an output channel's sums to the next one's.</summary>
    public required long SumStep { get; init; }

    public void Two(float* table, float* choice, float* sums)
    {
        float* s1 = sums + SumStep, s2 = s1 + SumStep, s3 = s2 + SumStep;
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        int groups = Groups, step = ChoiceStep;
        for (int p = 0; p < Rows; p++, choice += RowStep)
        {
            float* at = choice;
            for (int q = 0; q < groups; q++, at += step, table += Block * HalfTable.Size)
            {
                Vector256<float> i0 = Vector256.Load(at), i1 = Vector256.Load(at + 8), t = Vector256.Load(table);
                a0 = HalfTable.Add(t, i0, a0);
                a1 = HalfTable.Add(t, i1, a1);
                t = Vector256.Load(table + HalfTable.Size);
                b0 = HalfTable.Add(t, i0, b0);
                b1 = HalfTable.Add(t, i1, b1);
                t = Vector256.Load(table + 2 * HalfTable.Size);
                c0 = HalfTable.Add(t, i0, c0);
                c1 = HalfTable.Add(t, i1, c1);
                t = Vector256.Load(table + 3 * HalfTable.Size);
                d0 = HalfTable.Add(t, i0, d0);
                d1 = HalfTable.Add(t, i1, d1);
            }
        }

        Add(a0, sums);
        Add(a1, sums + 8);
        Add(b0, s1);
        Add(b1, s1 + 8);
        Add(c0, s2);
        Add(c1, s2 + 8);
        Add(d0, s3);
        Add(d1, s3 + 8);
    }

    public void One(float* table, float* choice, float* sums)
    {
        float* s1 = sums + SumStep, s2 = s1 + SumStep, s3 = s2 + SumStep;
        Vector256<float> a = default, b = default, c = default, d = default;
        for (int p = 0; p < Rows; p++, choice += RowStep)
        {
            float* at = choice;
            for (int q = 0; q < Groups; q++, at += ChoiceStep, table += Block * HalfTable.Size)
            {
                Vector256<float> i = Vector256.Load(at);
                a = HalfTable.Add(Vector256.Load(table), i, a);
                b = HalfTable.Add(Vector256.Load(table + HalfTable.Size), i, b);
                c = HalfTable.Add(Vector256.Load(table + 2 * HalfTable.Size), i, c);
                d = HalfTable.Add(Vector256.Load(table + 3 * HalfTable.Size), i, d);
            }
        }

        Add(a, sums);
        Add(b, s1);
        Add(c, s2);
        Add(d, s3);
    }

    // The sums of these rows are added to those so far as one number: long sums of singles lose less.
    private static void Add(Vector256<float> rows, float* sums) => (Vector256.Load(sums) + rows).Store(sums);
}
