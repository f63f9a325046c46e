using System.Numerics;
using ReSTE.Native.Operations;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// The signs of a unit's weights as <see cref="CountImage{TBits, TSink}"/> takes them, [blocks of outputs, patch words, lanes]; where its
/// counts start, [row classes, column classes, padded outputs]; then what each row and what each column adds to the place of its starts. As
/// a job it packs them, a block of outputs a part.
/// </summary>
internal readonly unsafe struct CountWeights<TBits>(CountPlan plan, uint* wBits, uint* packed) : IParallelJob
    where TBits : unmanaged, IBitSimd<TBits>
{
    public CountPlan Plan => plan;

    /// <summary>Blocks of outputs, a lane each.</summary>
    public int Blocks => (plan.Geometry.O + TBits.Lanes - 1) / TBits.Lanes;

    private int PaddedOutputs => Blocks * TBits.Lanes;

    private int* AllStarts => (int*)(packed + (long)plan.PatchWords * PaddedOutputs);

    public static long Bytes(in CountPlan plan)
    {
        var weights = new CountWeights<TBits>(plan, null, null);
        long ofOutput = (long)plan.PatchWords + plan.RowClasses * plan.ColumnClasses;
        return sizeof(uint) * (ofOutput * weights.PaddedOutputs + plan.Geometry.OH + plan.Geometry.OW);
    }

    /// <summary>[patch words, lanes] of a block.</summary>
    public uint* Block(int block) => packed + (long)block * plan.PatchWords * TBits.Lanes;

    /// <summary>[column classes, padded outputs] of a row, from a block's first output on.</summary>
    public int* Starts(int row, int block) => AllStarts + RowStarts[row] + block * TBits.Lanes;

    /// <summary>[OW]: where in the starts those of a column are.</summary>
    public int* ColumnStarts => RowStarts + plan.Geometry.OH;

    private int* RowStarts => AllStarts + (long)plan.RowClasses * plan.ColumnClasses * PaddedOutputs;

    public void Run(int part, int worker)
    {
        ConvGeometry g = plan.Geometry;
        uint* words = Block(part);
        for (int lane = 0; lane < TBits.Lanes; lane++)
        {
            int o = part * TBits.Lanes + lane;
            for (int k = 0; k < plan.PatchWords; k++)
                words[k * TBits.Lanes + lane] = o < g.O ? Word(o, k) : 0;
            PutStarts(o);
        }

        if (part > 0)
            return;
        for (int p = 0, rowClass = -1; p < g.OH; p++)
            RowStarts[p] = (rowClass += plan.OpensRow(p) ? 1 : 0) * plan.ColumnClasses * PaddedOutputs;
        for (int q = 0, columnClass = -1; q < g.OW; q++)
            ColumnStarts[q] = (columnClass += plan.OpensColumn(q) ? 1 : 0) * PaddedOutputs;
    }

    private uint* Tap(int o, int a, int b) => wBits + (((long)o * plan.Geometry.K + a) * plan.Geometry.K + b) * plan.Words;

    // Words of 3x3 kernels are taken three of each row at a time.
    private uint Word(int o, int k)
    {
        if (plan.IsCompact)
            return Compact(o, k);
        int row = plan.Geometry.K * plan.Words;
        return plan.Geometry.K == 3 ? Tap(o, k % 9 / 3, 0)[k / 9 * 3 + k % 3] : Tap(o, k / row, 0)[k % row];
    }

    private uint Compact(int o, int k) => k switch
    {
        0 => *Tap(o, 0, 0) | *Tap(o, 0, 1) << CountPlan.Half,
        1 => *Tap(o, 0, 2) | *Tap(o, 1, 0) << CountPlan.Half,
        2 => *Tap(o, 1, 1) | *Tap(o, 1, 2) << CountPlan.Half,
        3 => *Tap(o, 2, 0) | *Tap(o, 2, 1) << CountPlan.Half,
        _ => *Tap(o, 2, 2),
    };

    private void PutStarts(int o)
    {
        ConvGeometry g = plan.Geometry;
        int* starts = AllStarts + o;
        for (int p = 0; p < g.OH; p++)
        {
            if (!plan.OpensRow(p))
                continue;
            for (int q = 0; q < g.OW; q++)
            {
                if (!plan.OpensColumn(q))
                    continue;
                *starts = o < g.O ? plan.Products - Outside(o, plan.RowTaps(p), plan.ColumnTaps(q)) : 0;
                starts += PaddedOutputs;
            }
        }
    }

    /// <summary>What the taps outside would add: the sum of their weights' signs.</summary>
    private int Outside(int o, (int First, int End) rows, (int First, int End) columns)
    {
        ConvGeometry g = plan.Geometry;
        int sum = 0;
        for (int a = 0; a < g.K; a++)
            for (int b = 0; b < g.K; b++)
            {
                if (a >= rows.First && a < rows.End && b >= columns.First && b < columns.End)
                    continue;
                sum += g.I;
                for (int word = 0; word < plan.Words; word++)
                    sum -= 2 * BitOperations.PopCount(Tap(o, a, b)[word]);
            }

        return sum;
    }
}
