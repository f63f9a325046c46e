using System.Runtime.CompilerServices;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>The binary unit: the convolution is kept as 16-bit counts.</summary>
internal static partial class KernelWork
{
    private static LaunchWork? Unit(IKernelArgs args, Grid grid) => args switch
    {
        UnitConvMma a => UnitConv(a.G, a.Sums),
        UnitConvMmaXor a => UnitConv(a.G, a.Sums),
        UnitConvMmaInt8 a => UnitConv(a.G, a.Sums),
        UnitNextMma a => UnitNext(a),
        UnitNextMmaXor a => UnitNext(Unsafe.BitCast<UnitNextMmaXor, UnitNextMma>(a)),
        UnitNextMmaInt8 a => UnitNext(Unsafe.BitCast<UnitNextMmaInt8, UnitNextMma>(a)),
        UnitApply a => new(Applied(new(a.Counts, default, a.Scale, a.Gamma, a.Beta, a.Mean, a.Deviation, a.Y, a.YBits, a.Shortcut,
            Rectify: 1, a.Evaluate, a.Epsilon), a.Rows, a.Channels)),
        // Two sums a channel of every block, which the last block to finish reads.
        UnitGradientSums a => new(Rows(a.Rows, a.Channels) * Count + Reals(Rows(a.Rows, a.Channels), 1, 4 * a.Channels)
            + 2 * grid.X * 2 * a.Channels * Sum),
        UnitInputGradMma16 a => UnitInputGrad(a.G, a.Gamma, a.X, a.Previous, a.Padded, a.Mode, grid),
        UnitInputGradMma32 a => UnitInputGrad(a.G, a.Gamma, a.X, a.Previous, a.Padded, a.Mode, grid),
        UnitInputGradMma64 a => UnitInputGrad(a.G, a.Gamma, a.X, a.Previous, a.Padded, a.Mode, grid),
        UnitGradientsMma a => UnitGradients(a, grid),
        UnitWeightGradMma16 a => UnitWeightGrad(a.G, a.Gamma, grid),
        UnitWeightGradMma32 a => UnitWeightGrad(a.G, a.Gamma, grid),
        UnitWeightGradsMma a => UnitWeightGrads(a),
        _ => null,
    };

    // The second half of a unit, or of a batch norm.
    private static long Applied(AppliedUnitArgument a, uint rows, uint channels) =>
        If(a.Counts, Rows(rows, channels) * Count) + Words(rows, channels) * Word
        + Reals(If(a.X, Rows(rows, channels)), If(a.Y, Rows(rows, channels)),
            If(a.Shortcut.Values, Rows(rows, Width(a.Shortcut, channels))), If(a.Scale, 1), 2 * channels, If(a.Gamma, channels),
            If(a.Beta, channels));

    // The signs are written, and read again from where they were just written.
    private static LaunchWork UnitNext(UnitNextMma a)
    {
        LaunchWork conv = UnitConv(a.G, a.Sums);
        return conv with
        {
            Bytes = conv.Bytes - Reals(new ConvElements(a.G).XWordsRead) + Applied(a.Applied, a.G.N * a.G.H * a.G.W, a.G.I),
        };
    }

    // Of a padded shortcut its own channels are read.
    private static uint Width(NormShortcutArgument shortcut, uint channels) => shortcut.Channels == 0 ? channels : shortcut.Channels;

    // In training two whole sums a channel, which are left as zeros, the batch's statistics and, both ways, the running ones.
    private static LaunchWork UnitConv(ConvGeometryArgument g, Ptr<ulong> sums)
    {
        var s = new ConvElements(g);
        long statistics = If(sums, 2 * 2 * g.O * sizeof(ulong) + Reals(2 * g.O, 2 * 2 * g.O));
        return new(Reals(s.XWordsRead, s.WWords, 1) + s.Y * Count + statistics, Bits: s.Products);
    }

    // Gradients of the unit's result become those of the convolution on the way: of each channel gamma, statistics and their gradients.
    private static LaunchWork UnitInputGrad(ConvGeometryArgument g, Ptr<float> gamma, Ptr<float> x, PreviousUnitArgument previous,
        PaddedGradientArgument padded, uint mode, Grid grid)
    {
        LaunchWork plain = SignInputGrad(g, mode);
        long stored = Reals(new ConvElements(g).X) - Reals(If(x, new ConvElements(g).X));
        // Of a padded shortcut's gradient the channels that x has.
        long shortcut = Reals(If(padded.Dy, padded.Channels == 0 ? new ConvElements(g).X
            : (long)g.N * ((g.H + 1) / 2) * ((g.W + 1) / 2) * g.I));
        return plain with { Bytes = plain.Bytes - stored + shortcut + UnitGradient(g, gamma) + PreviousUnit(g, previous, grid) };
    }

    // Its counts with what makes values of them, and where sums are asked for two a channel of every block, both ways, and the results.
    private static long PreviousUnit(ConvGeometryArgument g, PreviousUnitArgument previous, Grid grid) =>
        If(previous.Counts, new ConvElements(g).X * Count
            + Reals(1, 2 * g.I, If(previous.Gamma, g.I), If(previous.Beta, g.I)))
        + If(previous.Partial, 2 * grid.X * grid.Z * 2 * g.I * Sum + Reals(2 * g.I));

    // Both gradients, of which dy and all that makes its gradient are read once. The input's is not always wanted.
    private static LaunchWork UnitGradients(UnitGradientsMma a, Grid grid)
    {
        var s = new ConvElements(a.G);
        LaunchWork weights = UnitWeightGrad(a.G, a.Gamma, new Grid(1, 1, grid.X));
        if (a.Mode == (uint)Operations.GradMode.None)
            return weights;
        LaunchWork input = UnitInputGrad(a.G, a.Gamma, a.X, a.Previous, a.Padded, a.Mode, grid);
        return new(weights.Bytes + input.Bytes - Reals(s.Dy, 1) - UnitGradient(a.G, a.Gamma), Sign: 2 * s.Products);
    }

    private static LaunchWork UnitWeightGrad(ConvGeometryArgument g, Ptr<float> gamma, Grid grid)
    {
        LaunchWork plain = SignWeightGrad(g, grid);
        return plain with { Bytes = plain.Bytes + Reals(1) + UnitGradient(g, gamma) };
    }

    private static LaunchWork UnitWeightGrads(UnitWeightGradsMma a)
    {
        LaunchWork sum = default;
        for (int i = 0; i < a.Count; i++)
        {
            LaunchWork unit = UnitWeightGrad(a.Units[i].G, a.Units[i].Gamma, new Grid(1, 1, a.Units[i].Slices));
            sum = new(sum.Bytes + unit.Bytes, Sign: sum.Sign + unit.Sign);
        }

        return sum;
    }

    private static long UnitGradient(ConvGeometryArgument g, Ptr<float> gamma) =>
        new ConvElements(g).Y * Count + Reals(4 * g.O, If(gamma, g.O));
}
