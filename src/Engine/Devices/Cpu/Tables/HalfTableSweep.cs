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
        Vector256<float> a0 = Vector256.Load(sums), a1 = Vector256.Load(sums + 8), b0 = Vector256.Load(s1), b1 = Vector256.Load(s1 + 8);
        Vector256<float> c0 = Vector256.Load(s2), c1 = Vector256.Load(s2 + 8), d0 = Vector256.Load(s3), d1 = Vector256.Load(s3 + 8);
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

        a0.Store(sums);
        a1.Store(sums + 8);
        b0.Store(s1);
        b1.Store(s1 + 8);
        c0.Store(s2);
        c1.Store(s2 + 8);
        d0.Store(s3);
        d1.Store(s3 + 8);
    }

    public void One(float* table, float* choice, float* sums)
    {
        float* s1 = sums + SumStep, s2 = s1 + SumStep, s3 = s2 + SumStep;
        Vector256<float> a = Vector256.Load(sums), b = Vector256.Load(s1), c = Vector256.Load(s2), d = Vector256.Load(s3);
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

        a.Store(sums);
        b.Store(s1);
        c.Store(s2);
        d.Store(s3);
    }
}
