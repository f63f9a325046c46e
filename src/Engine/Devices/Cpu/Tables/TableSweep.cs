using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The walk over the rows and groups of some images for eight output channels, 16 input channels, and three column taps or one.
/// </summary>
internal readonly unsafe struct TableSweep
{
    /// <summary>Output channels a block has.</summary>
    public const int Block = 8;

    public required int Images { get; init; }

    /// <summary>Singles from an image's tables to the next one's.</summary>
    public required nint TableImageStep { get; init; }

    /// <summary>Integers from an image's choices to the next one's.</summary>
    public required nint ChoiceImageStep { get; init; }

    /// <summary>Where the first row's tables begin, in singles.</summary>
    public required nint Table { get; init; }

    /// <summary>Where its choices do, in integers.</summary>
    public required nint Choice { get; init; }

    /// <summary>Of an image.</summary>
    public required int Rows { get; init; }

    public required int Groups { get; init; }

    /// <summary>Integers from a group's choices to the next one's.</summary>
    public required int ChoiceStep { get; init; }

    /// <summary>Integers from a row's choices to those of the next output row.</summary>
    public required nint RowStep { get; init; }

    /// <summary>Singles from an output channel's sums to the next one's.</summary>
    public required int SumStep { get; init; }

    /// <summary>Three column taps.</summary>
    /// <param name="table">The tables of the block.</param>
    /// <param name="choice">The choices of the images for the first of the taps.</param>
    /// <param name="sums">Of the block's first output channel and that tap.</param>
    public void Three(float* table, int* choice, float* sums)
    {
        table += Table;
        choice += Choice;
        // Two halves of four channels: twelve sums, three choices and a table stay in registers.
        Half(table, choice, sums);
        Half(table + 4 * TableProduct.UnitSize, choice, sums + 4 * SumStep);
    }

    /// <summary>One column tap; as <see cref="Three"/>.</summary>
    public void One(float* table, int* choice, float* sums)
    {
        table += Table;
        choice += Choice;
        for (int o = 0; o < Block; o++)
        {
            Vector512<float> sum = default;
            for (int n = 0; n < Images; n++)
            {
                float* t = table + o * TableProduct.UnitSize + n * TableImageStep;
                int* row = choice + n * ChoiceImageStep;
                for (int p = 0; p < Rows; p++, row += RowStep)
                {
                    int* at = row;
                    for (int q = 0; q < Groups; q++, at += ChoiceStep, t += Block * TableProduct.UnitSize)
                        sum += Avx512F.PermuteVar16x32(Vector512.Load(t), Vector512.Load(at));
                }
            }

            (Vector512.Load(sums + (long)o * SumStep) + sum).Store(sums + (long)o * SumStep);
        }
    }

    private void Half(float* table, int* choice, float* sums)
    {
        float* s1 = sums + SumStep, s2 = s1 + SumStep, s3 = s2 + SumStep;
        Vector512<float> a0 = default, a1 = default, a2 = default, b0 = default, b1 = default, b2 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, d0 = default, d1 = default, d2 = default;
        nint step = ChoiceStep, rowStep = RowStep, tableStep = TableImageStep, choiceStep = ChoiceImageStep;
        int rows = Rows, groups = Groups;
        for (int n = Images; n > 0; n--, table += tableStep, choice += choiceStep)
        {
            float* from = table;
            int* row = choice;
            for (int p = rows; p > 0; p--, row += rowStep)
            {
                int* at = row;
                for (int q = groups; q > 0; q--, at += step, from += Block * TableProduct.UnitSize)
                {
                    Vector512<int> i0 = Vector512.Load(at), i1 = Vector512.Load(at + 16), i2 = Vector512.Load(at + 32);
                    Vector512<float> t = Vector512.Load(from);
                    a0 += Avx512F.PermuteVar16x32(t, i0);
                    a1 += Avx512F.PermuteVar16x32(t, i1);
                    a2 += Avx512F.PermuteVar16x32(t, i2);
                    t = Vector512.Load(from + 16);
                    b0 += Avx512F.PermuteVar16x32(t, i0);
                    b1 += Avx512F.PermuteVar16x32(t, i1);
                    b2 += Avx512F.PermuteVar16x32(t, i2);
                    t = Vector512.Load(from + 32);
                    c0 += Avx512F.PermuteVar16x32(t, i0);
                    c1 += Avx512F.PermuteVar16x32(t, i1);
                    c2 += Avx512F.PermuteVar16x32(t, i2);
                    t = Vector512.Load(from + 48);
                    d0 += Avx512F.PermuteVar16x32(t, i0);
                    d1 += Avx512F.PermuteVar16x32(t, i1);
                    d2 += Avx512F.PermuteVar16x32(t, i2);
                }
            }
        }

        Add(a0, a1, a2, sums);
        Add(b0, b1, b2, s1);
        Add(c0, c1, c2, s2);
        Add(d0, d1, d2, s3);
    }

    // The sums of these rows are added to those so far as one number: long sums of singles lose less.
    private static void Add(Vector512<float> first, Vector512<float> second, Vector512<float> third, float* sums)
    {
        (Vector512.Load(sums) + first).Store(sums);
        (Vector512.Load(sums + 16) + second).Store(sums + 16);
        (Vector512.Load(sums + 32) + third).Store(sums + 32);
    }
}
