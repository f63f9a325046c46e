namespace ReSTE.Native.Devices.Cuda;

/// <summary>Images, activations, pools, shortcuts, the classifier and the loss.</summary>
internal static partial class KernelWork
{
    private static LaunchWork? Layer(IKernelArgs args, Grid grid) => args switch
    {
        // Bytes, labels and order of the batch's images alone, where the pass stands, and for each channel a scale and a shift.
        ImageBatch a => new(Images(a.N, a.H, a.W, a.C) * (1 + Real) + 3 * a.N * sizeof(int)
            + Operations.BatchCounters.Count * sizeof(long) + Reals(2 * a.C)),
        ImageDeviation a => new(Reals(2 * Rows(a.N, a.Size), 2 * a.N)),
        ImageDeviationBackward a => new(Reals(Rows(a.N, a.Size), a.Attached != 0 ? Rows(a.N, a.Size) : 0,
            Written(Rows(a.N, a.Size), a.Mode), 2 * a.N)),
        Relu a => new(Reals(2 * (long)a.Count)),
        ReluBackward a => new(Reals(2 * (long)a.Count, Written(a.Count, a.Mode))),
        HardTanh a => new(Reals(2 * (long)a.Count)),
        HardTanhBackward a => new(Reals(2 * (long)a.Count, Written(a.Count, a.Mode))),
        Add a => new(Reals(3 * (long)a.Count)),
        Accumulate a => new(Reals(a.Count, Written(a.Count, a.Mode))),
        SignPack a => new(Reals(Rows(a.Rows, a.Channels), Words(a.Rows, a.Channels))),
        SignUnpack a => new(Reals(Rows(a.Rows, a.Channels), Words(a.Rows, a.Channels))),
        SignUnpackBackward a => new(Reals(2 * (long)a.Count, Written(a.Count, a.Mode), 4)),
        BernoulliPack a => new(Reals(Rows(a.Rows, a.Channels), Words(a.Rows, a.Channels))
            + Operations.BatchCounters.Count * sizeof(long)),
        ShortcutPad a => new(Reals(Halved(a.N, a.H, a.W, a.C), Halved(a.N, a.H, a.W, a.Co))),
        // Of dy only the channels that x has.
        ShortcutPadBackward a => new(Reals(Halved(a.N, a.H, a.W, a.C), Written(Images(a.N, a.H, a.W, a.C), a.Mode))),
        MaxPool a => new(Reals(Images(a.N, a.H, a.W, a.C)) + Pooled(a.N, a.H, a.W, a.C, a.Size, a.Stride, a.Padding) * (1 + Real)),
        MaxPoolBackward a => new(Reals(Written(Images(a.N, a.H, a.W, a.C), a.Mode))
            + Pooled(a.N, a.H, a.W, a.C, a.Size, a.Stride, a.Padding) * (1 + Real)),
        AveragePool a => new(Reals(Rows(a.N, a.C) * a.Pixels, Rows(a.N, a.C))),
        AveragePoolStatistics a => new(Reals(Rows(a.N, a.C) * a.Pixels, Rows(a.N, a.C), 2 * a.C, 2 * 2 * a.C) + SliceSums(grid.X, a.C)),
        AveragePoolBackward a => new(Reals(Rows(a.N, a.C), Written(Rows(a.N, a.C) * a.Pixels, a.Mode))),
        PoolGradientSums a => new(Reals(Rows(a.N, a.Channels)) + PooledUnit(a.N, a.Pixels, a.Channels, grid)),
        PoolGradientSumsOfNorm a => new(Reals(2 * Rows(a.N, a.Channels), 4 * a.Channels, If(a.Gamma, a.Channels))
            + PooledUnit(a.N, a.Pixels, a.Channels, grid)),
        Linear a => new(Reals(Rows(a.N, a.I), Rows(a.O, a.I), a.O, Rows(a.N, a.O)), Real: Rows(a.N, a.O) * a.I),
        LinearInputGrad a => new(Reals(Rows(a.N, a.O), Rows(a.O, a.I), Written(Rows(a.N, a.I), a.Mode)), Real: Rows(a.N, a.O) * a.I),
        LinearWeightGrad a => new(Reals(Rows(a.N, a.O), Rows(a.N, a.I), Rows(a.O, a.I), a.O), Real: Rows(a.N, a.O) * a.I),
        // dy and what is known of x serve both; of the batch norm before, where there is one, what it took, statistics and their gradients.
        LinearGradients a => new(Reals(Rows(a.N, a.O), Rows(a.N, a.I), 2 * Rows(a.O, a.I), a.O, Written(Rows(a.N, a.I), a.Mode))
            + If(a.NormX, Reals(Rows(a.N, a.I), 4 * a.I) + SliceSums(grid.X, a.I)), Real: 2 * Rows(a.N, a.O) * a.I),
        // x is read, or made of what the batch norm took and written; three sums of every block, both ways.
        LinearLoss a => Loss(a.N, a.O, a.Dlogits, a.Counters) with
        {
            Bytes = Loss(a.N, a.O, a.Dlogits, a.Counters).Bytes + Reals(Rows(a.N, a.I), Rows(a.O, a.I), a.O,
                If(a.Z, Rows(a.N, a.I) + 2 * a.I), If(a.Gamma, a.I), If(a.Beta, a.I)) + 2 * 3 * grid.X * Sum,
            Real = Rows(a.N, a.O) * a.I,
        },
        // The sums of the pass are added to, the loss of the step is written.
        SoftmaxCrossEntropy a => Loss(a.N, a.Classes, a.Dlogits, a.Counters),
        Advance => new(2 * sizeof(long)),
        _ => null,
    };

    private static LaunchWork Loss(uint n, uint classes, Ptr<float> dlogits, Ptr<long> counters) =>
        new(Reals(Rows(n, classes), If(dlogits, Rows(n, classes))) + n * sizeof(int) + (1 + 2 * 3) * Sum + If(counters, 2 * sizeof(long)));

    // Counts are read and the gradient written; then as unit_gradient_sums.
    private static long PooledUnit(uint n, uint pixels, uint channels, Grid grid) =>
        Rows(n, channels) * pixels * (Count + Real) + Reals(1, 4 * channels) + 2 * grid.X * 2 * channels * Sum;

    private static long Images(uint n, uint h, uint w, uint c) => (long)n * h * w * c;

    private static long Halved(uint n, uint h, uint w, uint c) => Images(n, (h + 1) / 2, (w + 1) / 2, c);

    private static long Pooled(uint n, uint h, uint w, uint c, uint size, uint stride, uint padding) =>
        Images(n, (h + 2 * padding - size) / stride + 1, (w + 2 * padding - size) / stride + 1, c);
}
