namespace ReSTE.Native.Devices.Cuda;

/// <summary>Images, activations, pools, shortcuts, the classifier and the loss.</summary>
internal static partial class KernelWork
{
    private static LaunchWork? Layer(IKernelArgs args) => args switch
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
        AveragePoolBackward a => new(Reals(Rows(a.N, a.C), Written(Rows(a.N, a.C) * a.Pixels, a.Mode))),
        Linear a => new(Reals(Rows(a.N, a.I), Rows(a.O, a.I), a.O, Rows(a.N, a.O)), Real: Rows(a.N, a.O) * a.I),
        LinearInputGrad a => new(Reals(Rows(a.N, a.O), Rows(a.O, a.I), Written(Rows(a.N, a.I), a.Mode)), Real: Rows(a.N, a.O) * a.I),
        LinearWeightGrad a => new(Reals(Rows(a.N, a.O), Rows(a.N, a.I), Rows(a.O, a.I), a.O), Real: Rows(a.N, a.O) * a.I),
        // The sums of the pass are added to, the loss of the step is written.
        SoftmaxCrossEntropy a => new(Reals(Rows(a.N, a.Classes), If(a.Dlogits, Rows(a.N, a.Classes))) + a.N * sizeof(int)
            + (1 + 2 * 3) * Sum),
        Advance => new(2 * sizeof(long)),
        _ => null,
    };

    private static long Images(uint n, uint h, uint w, uint c) => (long)n * h * w * c;

    private static long Halved(uint n, uint h, uint w, uint c) => Images(n, (h + 1) / 2, (w + 1) / 2, c);

    private static long Pooled(uint n, uint h, uint w, uint c, uint size, uint stride, uint padding) =>
        Images(n, (h + 2 * padding - size) / stride + 1, (w + 2 * padding - size) / stride + 1, c);
}
