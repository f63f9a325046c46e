namespace ReSTE.Native.Devices.Cuda;

/// <summary>Batch norm and what scales or shifts channels. Sums over rows come in slices, two sums a channel, in double.</summary>
internal static partial class KernelWork
{
    private static LaunchWork? Norm(IKernelArgs args, Grid grid) => args switch
    {
        BatchNormStatistics a => new(Reals(Rows(a.Rows, a.Channels), 2 * a.Channels, 2 * 2 * a.Channels) + SliceSums(grid.X, a.Channels)),
        BatchNormNormalise a => Normalised(a.Rows, a.Channels, a.Gamma, a.Beta, a.Shortcut),
        BatchNormApply a => Normalised(a.Rows, a.Channels, a.Gamma, a.Beta, a.Shortcut.Values,
            If(a.YBits, Words(a.Rows, a.Channels))),
        BatchNormEvaluate a => Normalised(a.Rows, a.Channels, a.Gamma, a.Beta, a.Shortcut),
        BatchNormParameterGrad a => new(Reals(2 * Rows(a.Rows, a.Channels), 4 * a.Channels) + SliceSums(grid.X, a.Channels)),
        BatchNormInputGrad a => new(Reals(2 * Rows(a.Rows, a.Channels), Written(Rows(a.Rows, a.Channels), a.Mode), 4 * a.Channels,
            If(a.Gamma, a.Channels))),
        ChannelScale a => new(Reals(2 * Rows(a.Rows, a.Channels), a.Channels)),
        ChannelScaleInputGrad a => new(Reals(Rows(a.Rows, a.Channels), Written(Rows(a.Rows, a.Channels), a.Mode), a.Channels)),
        ChannelScaleGrad a => new(Reals(2 * Rows(a.Rows, a.Channels), a.Channels) + SliceSums(grid.X, a.Channels)),
        ChannelBias a => new(Reals(2 * Rows(a.Rows, a.Channels), a.Channels)),
        ChannelBiasGrad a => new(Reals(Rows(a.Rows, a.Channels), a.Channels)),
        _ => null,
    };

    private static LaunchWork Normalised(uint rows, uint channels, Ptr<float> gamma, Ptr<float> beta, Ptr<float> shortcut,
        long signs = 0) => new(Reals(
            2 * Rows(rows, channels), If(shortcut, Rows(rows, channels)), signs, 2 * channels, If(gamma, channels), If(beta, channels)));

    // Two sums a channel of every slice, both ways.
    private static long SliceSums(uint slices, uint channels) => 2 * 2 * Rows(slices, channels) * Sum;
}
