using System.Runtime.Intrinsics;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Weight gradient of a binary convolution by table look-up. Four neighbouring output pixels and an output channel make a table of their 16
/// signed sums; the signs of the four input pixels that a tap pairs with them, for 16 input channels at once, choose the entries. Columns
/// of zero padding read as +1 and are taken off again: the border sums. Needs AVX-512F and BMI2.
/// </summary>
internal readonly unsafe struct TableWeightGrad : IWeightGrad
{
    private const int Group = 4, Lanes = 16, Block = TableSweep.Block;
    private const int ChunkFloats = 16 * 1024 / sizeof(float);

    /// <summary>[O blocks, K, I vectors, 8 outputs, K, 16 inputs] and then the border sums [K,K,O].</summary>
    public static long PartialFloats(in ConvGeometry g) => Floats.Align(SumFloats(g) + BorderSums.Floats(g));

    /// <summary>The images' tables, their choices, then two rows of columns.</summary>
    public static long WorkerFloats(in ConvGeometry g) =>
        Together(g) * (TableFloats(g) + ChoiceFloats(g)) + 2 * TableChoices.RowFloats(g);

    public static long ImageBytes(in ConvGeometry g) => (long)g.H * g.W * Bits.Words(g.I) * sizeof(uint);

    public static void Begin(in ConvGeometry g, float* partial, float* memory) => new Span<float>(partial, (int)PartialFloats(g)).Clear();

    public static int Blocks(in ConvGeometry g) => (g.O + Block - 1) / Block;

    public static int Together(in ConvGeometry g) => Math.Clamp(ChunkFloats / (g.OH * RowTableFloats(g)), 1, g.N);

    public static void AddImages(in ConvGeometry g, in GradientImages images, int firstBlock, int endBlock, float* partial, float* memory)
    {
        int* choices = (int*)(memory + Together(g) * TableFloats(g));
        float* rows = (float*)choices + Together(g) * ChoiceFloats(g);
        int chunk = ChunkRows(g);
        for (int n = 0; n < images.Count; n++)
        {
            uint* x = (uint*)images.X + n * ImageBytes(g) / sizeof(uint);
            new TableChoices(g, Vectors(g)).Build(x, choices + n * ChoiceFloats(g), rows);
            BorderSums.Add(g, images.Dy(n), firstBlock * Block, Math.Min(endBlock * Block, g.O), partial + SumFloats(g));
        }

        TableSweep* sweeps = stackalloc TableSweep[g.K];
        for (int row = 0; row < g.OH; row += chunk)
        {
            int end = Math.Min(g.OH, row + chunk);
            for (int a = 0; a < g.K; a++)
                sweeps[a] = Sweep(g, images.Count, row, end, a);
            for (int block = firstBlock; block < endBlock; block++)
            {
                for (int n = 0; n < images.Count; n++)
                    BuildTables(g, images.Dy(n), block, row, end, memory + n * TableFloats(g));
                for (int v = 0; v < Vectors(g); v++)
                    for (int a = 0; a < g.K; a++)
                        AddRows(g, sweeps[a], memory, choices + v * g.K * Lanes, partial + PartialIndex(g, block * Block, a, 0, v * Lanes));
            }
        }
    }

    public static void AddSlices(in ConvGeometry g, Range outputs, int tap, float* partials, int slices, float* dw, GradMode mode)
    {
        long filter = (long)g.K * g.K * g.I;
        for (int o = outputs.Start.Value; o < outputs.End.Value; o++)
            for (int i = 0; i < g.I; i += Lanes)
            {
                Vector512<float> sum = SumSlices(g, partials, slices, PartialIndex(g, o, tap / g.K, tap % g.K, i),
                    BorderIndex(g, o, tap / g.K, tap % g.K));
                float* to = dw + o * filter + (long)tap * g.I + i;
                if (i + Lanes <= g.I)
                    (mode == GradMode.Add ? Vector512.Load(to) + sum : sum).Store(to);
                else
                    for (int lane = 0; i + lane < g.I; lane++)
                        to[lane] = mode == GradMode.Add ? to[lane] + sum[lane] : sum[lane];
            }
    }

    private static Vector512<float> SumSlices(in ConvGeometry g, float* partials, int slices, long at, long border)
    {
        long size = PartialFloats(g);
        Vector512<float> sum = default;
        for (int s = 0; s < slices; s++, partials += size)
            sum += Vector512.Load(partials + at) - Vector512.Create(partials[border]);
        return sum;
    }

    /// <summary>Where the sum of a weight lies in a slice's partial.</summary>
    private static long PartialIndex(in ConvGeometry g, int o, int a, int b, int i) =>
        ((((((long)(o / Block) * g.K + a) * Vectors(g)) + i / Lanes) * Block + o % Block) * g.K + b) * Lanes + i % Lanes;

    /// <summary>Where the border sum of an output channel and tap lies in a slice's partial.</summary>
    private static long BorderIndex(in ConvGeometry g, int o, int a, int b) => SumFloats(g) + ((long)a * g.K + b) * g.O + o;

    private static int Groups(in ConvGeometry g) => (g.OW + Group - 1) / Group;

    private static int Vectors(in ConvGeometry g) => (g.I + Lanes - 1) / Lanes;

    private static long SumFloats(in ConvGeometry g) => (long)Blocks(g) * g.K * Vectors(g) * Block * g.K * Lanes;

    private static long ChoiceFloats(in ConvGeometry g) => (long)g.H * Groups(g) * Vectors(g) * g.K * Lanes;

    private static long TableFloats(in ConvGeometry g) => (long)ChunkRows(g) * RowTableFloats(g);

    private static int RowTableFloats(in ConvGeometry g) => Groups(g) * Block * TableProduct.UnitSize;

    /// <summary>
    /// Output rows whose tables for one block of channels fit in half the first-level cache: they are read for every tap and input channel.
    /// </summary>
    private static int ChunkRows(in ConvGeometry g) => Math.Clamp(ChunkFloats / RowTableFloats(g), 1, g.OH);

    /// <summary>[rows, groups, 8 outputs, 16] of one block; channels and pixels that do not exist count as zero.</summary>
    private static void BuildTables(ConvGeometry g, float* dy, int block, int row, int endRow, float* tables)
    {
        int outputs = Math.Min(Block, g.O - block * Block), step = g.O;
        for (int p = row; p < endRow; p++)
            for (int q = 0; q < g.OW; q += Group)
            {
                float* pixel = dy + ((long)p * g.OW + q) * step + block * Block;
                int pixels = g.OW - q;
                int o = 0;
                for (; o < outputs && pixels >= Group; o++, tables += TableProduct.UnitSize)
                    TableProduct.Sums(pixel[o], pixel[o + step], pixel[o + 2 * step], pixel[o + 3 * step]).Store(tables);
                for (; o < outputs; o++, tables += TableProduct.UnitSize)
                    TableProduct.Sums(pixel[o], pixels > 1 ? pixel[o + step] : 0, pixels > 2 ? pixel[o + 2 * step] : 0, 0).Store(tables);
                for (; o < Block; o++, tables += TableProduct.UnitSize)
                    Vector512<float>.Zero.Store(tables);
            }
    }

    /// <summary>The walk over some rows of the images for a kernel row; none where it reaches none of them.</summary>
    private static TableSweep Sweep(in ConvGeometry g, int images, int row, int endRow, int a)
    {
        int groups = Groups(g), choiceStep = Vectors(g) * g.K * Lanes;
        var (first, end) = BorderSums.ValidRows(g, a);
        first = Math.Max(first, row);
        int rows = Math.Max(0, Math.Min(end, endRow) - first);
        return new TableSweep
        {
            Images = images,
            TableImageStep = (nint)TableFloats(g),
            ChoiceImageStep = (nint)ChoiceFloats(g),
            Table = (nint)(first - row) * RowTableFloats(g),
            Choice = (nint)(first * g.Stride + a - g.Padding) * groups * choiceStep,
            // Without a stride rows lie one after another, as if they were one.
            Rows = g.Stride == 1 ? Math.Min(rows, 1) : rows,
            Groups = g.Stride == 1 ? rows * groups : groups,
            ChoiceStep = choiceStep,
            RowStep = (nint)g.Stride * groups * choiceStep,
            SumStep = g.K * Lanes,
        };
    }

    /// <summary>Adds the rows of a walk to the sums of a block and a vector of inputs.</summary>
    private static void AddRows(in ConvGeometry g, in TableSweep sweep, float* tables, int* choices, float* sums)
    {
        if (sweep.Rows == 0)
            return;
        int b = 0;
        for (; b + 3 <= g.K; b += 3)
            sweep.Three(tables, choices + b * Lanes, sums + b * Lanes);
        for (; b < g.K; b++)
            sweep.One(tables, choices + b * Lanes, sums + b * Lanes);
    }
}
