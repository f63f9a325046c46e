namespace ReSTE.Native.Devices.Cuda;

/// <summary>Weights on their way to signs, and their gradients.</summary>
internal static partial class KernelWork
{
    private static LaunchWork? Weights(IKernelArgs args, Grid grid) => args switch
    {
        // A number a block of the group, where there are several.
        BinarizeWeights a => new(Reals(Rows(grid.Y, a.Count), grid.Y) + Partial(grid)),
        SignLayers a => OfLayers(a.Layers, a.Count, l => Reals(l.Count, Words(Rows(l), l.Channels), If(l.Scale, 1)) + Partial(l, l.Scale)),
        // Of several slices the sum replaces the first; a real layer has it written elsewhere.
        SignLayersGradient a => OfLayers(a.Layers, a.Count, l => Reals((long)l.Slices * l.Count,
            l.Slices > 1 || l.W.Address == 0 ? l.Count : 0, If(a.Shares, If(l.Scale, 1 + (long)l.Count)))
            + If(a.Shares, Partial(l, l.Scale))),
        SignLayersBackward a => OfLayers(a.Layers, a.Count, l => Reals(2 * (long)l.Count, Written(l.Count, l.Mode), If(l.Scale, 1),
            If(a.Shares, If(l.Scale, 1))), Reals(4)),
        // The gradients of the layers' weights are written and not read again; of the other parameters they are read.
        SignLayersSgdStep a => OfLayers(a.Layers, a.Count, l => Reals(2 * (long)l.Count, If(l.Scale, 1), If(a.Shares, If(l.Scale, 1)))
            + Stepped(l.Count), Reals(4 + 3, a.All - a.First) + Stepped(a.All - a.First)),
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

    private static LaunchWork OfLayers(SignLayersArgument layers, uint count, Func<SignLayerArgument, long> bytes,
        long common = 0)
    {
        long sum = common;
        for (int i = 0; i < count; i++)
            sum += bytes(layers[i]);
        return new(sum);
    }

    // Momentum both ways, and the weight: of a layer's it is read for the gradient too, once in all.
    private static long Stepped(long count) => Reals((2 + 2) * count);

    private static long Rows(SignLayerArgument layer) => layer.Count / layer.Channels;

    private static long Partial(SignLayerArgument layer, Ptr<float> scale) => layer.Blocks > 1 ? If(scale, 2 * layer.Blocks * Sum) : 0;

    private static long Partial(Grid grid) => grid.X > 1 ? 2 * grid.X * Sum : 0;
}
