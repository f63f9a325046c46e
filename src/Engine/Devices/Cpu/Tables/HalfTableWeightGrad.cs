using System.Runtime.Intrinsics;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Weight gradient of a binary convolution by <see cref="HalfTable"/>, as <see cref="TableWeightGrad"/> has it: four neighbouring output
/// pixels of a channel make a table, the signs of the four input pixels that a tap pairs with them choose, for eight input channels at
/// once. Columns of zero padding read as +1 and are taken off again: the border sums.
/// </summary>
internal readonly unsafe struct HalfTableWeightGrad : IWeightGrad
{
    private const int Group = HalfTable.Values, Lanes = HalfTable.Size, Block = HalfTableSweep.Block, VectorsPerWord = Bits.PerWord / Lanes;
    private const int ChunkFloats = 8 * 1024 / sizeof(float);

    /// <summary>[O blocks, K, 4 outputs, columns, 8 inputs], a column being a tap of a vector of inputs; then the border sums.</summary>
    public static long PartialFloats(in ConvGeometry g) => Floats.Align(SumFloats(g) + BorderSums.Floats(g));

    /// <summary>The tables, the choices, then the words of a row.</summary>
    public static long WorkerFloats(in ConvGeometry g) =>
        Floats.Align(TableFloats(g) + ChoiceFloats(g) + (long)Bits.Words(g.I) * RowColumns(g));

    public static long ImageBytes(in ConvGeometry g) => (long)g.H * g.W * Bits.Words(g.I) * sizeof(uint);

    public static int Blocks(in ConvGeometry g) => (g.O + Block - 1) / Block;

    public static void Begin(in ConvGeometry g, float* partial, float* memory) => new Span<float>(partial, (int)PartialFloats(g)).Clear();

    public static void AddImages(in ConvGeometry g, in GradientImages images, int firstBlock, int endBlock, float* partial, float* memory)
    {
        uint* x = (uint*)images.X;
        for (int n = 0; n < images.Count; n++, x += ImageBytes(g) / sizeof(uint))
            AddImage(g, x, images.Dy(n), firstBlock, endBlock, partial, memory);
    }

    private static void AddImage(in ConvGeometry g, uint* x, float* dy, int firstBlock, int endBlock, float* partial, float* memory)
    {
        // Of the words of a row, those of the padding stay zero.
        new Span<uint>(Row(g, memory), Bits.Words(g.I) * RowColumns(g)).Clear();
        float* choices = memory + TableFloats(g);
        int chunk = ChunkRows(g);
        BuildChoices(g, x, Row(g, memory), choices);
        BorderSums.Add(g, dy, firstBlock * Block, Math.Min(endBlock * Block, g.O), partial + SumFloats(g));
        for (int row = 0; row < g.OH; row += chunk)
            for (int block = firstBlock; block < endBlock; block++)
            {
                int end = Math.Min(g.OH, row + chunk);
                BuildTables(g, dy, block, row, end, memory);
                for (int a = 0; a < g.K; a++)
                    AddRows(g, memory, choices, partial, block, row, end, a);
            }
    }

    public static void AddSlices(in ConvGeometry g, Range outputs, int tap, float* partials, int slices, float* dw, GradMode mode)
    {
        long size = PartialFloats(g), filter = (long)g.K * g.K * g.I;
        float* sums = stackalloc float[Lanes];
        for (int o = outputs.Start.Value; o < outputs.End.Value; o++)
            for (int i = 0; i < g.I; i += Lanes)
            {
                float* from = partials + SumIndex(g, o, tap / g.K) + ((long)i / Lanes * g.K + tap % g.K) * Lanes;
                float* border = partials + SumFloats(g) + (long)tap * g.O + o;
                Vector256<float> sum = default;
                for (int s = 0; s < slices; s++, from += size, border += size)
                    sum += Vector256.Load(from) - Vector256.Create(*border);
                sum.Store(sums);
                float* to = dw + o * filter + (long)tap * g.I + i;
                for (int lane = 0; lane < Math.Min(Lanes, g.I - i); lane++)
                    to[lane] = mode == GradMode.Add ? to[lane] + sums[lane] : sums[lane];
            }
    }

    /// <summary>Where the sums of an output channel and a kernel row begin in a slice's partial.</summary>
    private static long SumIndex(in ConvGeometry g, int o, int a) => ((long)(o / Block * g.K + a) * Block + o % Block) * Columns(g) * Lanes;

    private static int Groups(in ConvGeometry g) => (g.OW + Group - 1) / Group;

    /// <summary>Vectors of choices of a group.</summary>
    private static int Columns(in ConvGeometry g) => (g.I + Lanes - 1) / Lanes * g.K;

    private static long SumFloats(in ConvGeometry g) => (long)Blocks(g) * g.K * Block * Columns(g) * Lanes;

    private static long TableFloats(in ConvGeometry g) => Floats.Align((long)ChunkRows(g) * Groups(g) * Block * Lanes);

    private static long ChoiceFloats(in ConvGeometry g) => Floats.Align((long)g.H * Groups(g) * Columns(g) * Lanes);

    /// <summary>Columns of a row of x with its padding, as far as the last group reaches.</summary>
    private static int RowColumns(in ConvGeometry g) => Math.Max(g.W + g.Padding, (Groups(g) * Group - 1) * g.Stride + g.K);

    private static uint* Row(in ConvGeometry g, float* memory) => (uint*)(memory + TableFloats(g) + ChoiceFloats(g));

    /// <summary>Output rows whose tables for one block leave room in the first-level cache for the choices they are read with.</summary>
    private static int ChunkRows(in ConvGeometry g) => Math.Clamp(ChunkFloats / (Groups(g) * Block * Lanes), 1, g.OH);

    /// <summary>[rows, groups, 4 outputs, 8] of one block; channels and pixels that do not exist count as zero.</summary>
    private static void BuildTables(ConvGeometry g, float* dy, int block, int row, int endRow, float* tables)
    {
        int outputs = Math.Min(Block, g.O - block * Block), step = g.O;
        for (int p = row; p < endRow; p++)
            for (int q = 0; q < g.OW; q += Group)
            {
                float* pixel = dy + ((long)p * g.OW + q) * step + block * Block;
                int pixels = g.OW - q, o = 0;
                for (; o < outputs && pixels >= Group; o++, tables += Lanes)
                    HalfTable.Sums(pixel[o], pixel[o + step], pixel[o + 2 * step], pixel[o + 3 * step]).Store(tables);
                for (; o < outputs; o++, tables += Lanes)
                    HalfTable.Sums(pixel[o], pixels > 1 ? pixel[o + step] : 0, pixels > 2 ? pixel[o + 2 * step] : 0, 0).Store(tables);
                for (; o < Block; o++, tables += Lanes)
                    Vector256<float>.Zero.Store(tables);
            }
    }

    /// <summary>[H, groups, I vectors, K, 8]: the choice of the four input pixels of a group under column tap b.</summary>
    private static void BuildChoices(ConvGeometry g, uint* x, uint* row, float* choices)
    {
        int words = Bits.Words(g.I), columns = RowColumns(g), vectors = Columns(g) / g.K;
        uint* interleaved = stackalloc uint[VectorsPerWord];
        for (int r = 0; r < g.H; r++)
        {
            for (int q = 0; q < g.W; q++)
                for (int word = 0; word < words; word++)
                    row[word * columns + g.Padding + q] = *x++;
            for (int group = 0; group < Groups(g); group++, choices += vectors * g.K * Lanes)
                for (int v = 0; v < vectors; v += VectorsPerWord)
                    for (int b = 0; b < g.K; b++)
                    {
                        uint* first = row + v / VectorsPerWord * columns + group * Group * g.Stride + b;
                        HalfTable.Interleave(Four(first, g.Stride)).Store(interleaved);
                        int count = Math.Min(VectorsPerWord, vectors - v);
                        for (int j = 0; j < count; j++)
                            HalfTable.Choices(interleaved[j]).Store(choices + ((v + j) * g.K + b) * Lanes);
                    }
        }
    }

    private static Vector128<uint> Four(uint* first, int step) =>
        step == 1 ? Vector128.Load(first) : Vector128.Create(first[0], first[step], first[2 * step], first[3 * step]);

    private static void AddRows(ConvGeometry g, float* tables, float* choices, float* partial, int block, int row, int endRow, int a)
    {
        int groups = Groups(g), columns = Columns(g);
        var (first, end) = BorderSums.ValidRows(g, a);
        first = Math.Max(first, row);
        end = Math.Min(end, endRow);
        if (first >= end)
            return;
        float* table = tables + (long)(first - row) * groups * Block * Lanes;
        float* choice = choices + (long)(first * g.Stride + a - g.Padding) * groups * columns * Lanes;
        float* sums = partial + SumIndex(g, block * Block, a);
        var sweep = new HalfTableSweep
        {
            Rows = end - first,
            Groups = groups,
            ChoiceStep = columns * Lanes,
            RowStep = (long)g.Stride * groups * columns * Lanes,
            SumStep = (long)columns * Lanes,
        };
        int column = 0;
        for (; column + 2 <= columns; column += 2)
            sweep.Two(table, choice + column * Lanes, sums + column * Lanes);
        for (; column < columns; column++)
            sweep.One(table, choice + column * Lanes, sums + column * Lanes);
    }
}
