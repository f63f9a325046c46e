namespace ReSTE.Native.Devices.Cuda;

/// <summary>Weights on their way to signs, and their gradients.</summary>
internal static partial class KernelWork
{
    private static LaunchWork? Weights(IKernelArgs args, Grid grid) => args switch
    {
        // A number a block of the group, where there are several.
        BinarizeWeights a => new(Reals(Rows(grid.Y, a.Count), grid.Y) + Partial(grid)),
        ScaleShare a => new(Reals(2 * Rows(grid.Y, a.Count), If(a.Drawn, Words(Rows(grid.Y, a.Count) / a.Channels, a.Channels)), grid.Y)
            + Partial(grid)),
        BinarizeWeightsBackward a => new(Reals(2 * Rows(a.Groups, a.Count), Written(Rows(a.Groups, a.Count), a.Mode), 4,
            If(a.Scale, a.Groups), If(a.Share, a.Groups))),
        PowerOfTwo a => new(Reals(2 * (long)a.Count)),
        CentreWeights a => new(Reals(2 * Rows(grid.X, a.Inputs))),
        StandardiseWeights a => new(Reals(2 * Rows(a.Filters, a.Size), 2 * a.Filters)),
        StandardiseWeightsBackward a => new(Reals(2 * Rows(a.Filters, a.Size), Written(Rows(a.Filters, a.Size), a.Mode), 2 * a.Filters)),
        SineWeights a => new(Reals(2 * (long)a.Count, 1)),
        SineWeightsBackward a => new(Reals(2 * (long)a.Count, Written(a.Count, a.Mode), 1)),
        SilentWeights a => new(Reals((1 + 3 * 2) * Rows(grid.X, a.Size), 5)),
        AdaSteMap a => new(Reals(2 * (long)a.Count)),
        EstimatingError a => new(Reals(a.Count, 1) + Sum),
        GradientVariance a => new(Reals(a.Count) + Sum),
        _ => null,
    };

    private static long Partial(Grid grid) => grid.X > 1 ? 2 * grid.X * Sum : 0;
}
