using ReSTE.Native.Operations;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Lays the weights [O,K,K,I] of a real convolution out as <see cref="RealTile{TSimd}"/> reads them: panels of two vectors of result
/// channels, of one where no more are left. A panel is [kernel rows, taps in the plan's order, source channels, its channels], so that
/// it is read in one stretch and stays in the second-level cache. A part is one kernel row of a panel.
/// </summary>
internal readonly unsafe struct RealPanels<TSimd> : IParallelJob where TSimd : unmanaged, ISimd<TSimd>
{
    // Source channels turned at once: a line of each weight.
    private const int Line = 16;

    public required RowPlan Plan { get; init; }

    public required ConvGeometry Geometry { get; init; }

    /// <summary>Whether result channels are the weights' last axis.</summary>
    public required bool Transposed { get; init; }

    public required float* Weights { get; init; }

    public required float* Packed { get; init; }

    public static int Parts(in RowPlan plan) => plan.Kernel * Panel<TSimd>.Count(plan, RealTile<TSimd>.Vectors);

    /// <summary>Singles of a result channel.</summary>
    public static long Singles(in RowPlan plan) => (long)plan.Kernel * plan.Kernel * plan.SourceChannels;

    public void Run(int part, int worker)
    {
        int a = part % Plan.Kernel;
        var panel = new Panel<TSimd>(Plan, part / Plan.Kernel, RealTile<TSimd>.Vectors);
        float* packed = Packed + panel.Start(Singles(Plan)) + (long)a * Plan.Kernel * Plan.SourceChannels * panel.Width;
        for (int phase = 0; phase < Plan.Phases; phase++)
            for (int t = 0; t < Plan.Taps(phase); t++, packed += (long)Plan.SourceChannels * panel.Width)
                PackTap(Weights + ((long)a * Geometry.K + Plan.Tap(phase, t)) * Geometry.I, panel.First, panel.Width, packed);
    }

    private void PackTap(float* tap, int channel, int width, float* packed)
    {
        long filter = (long)Geometry.K * Geometry.K * Geometry.I;
        int sources = Plan.SourceChannels, there = Math.Min(width, Plan.Channels - channel);
        if (there < width)
            new Span<float>(packed, sources * width).Clear();
        if (Transposed)
        {
            for (int s = 0; s < sources; s++)
                new Span<float>(tap + s * filter + channel, there).CopyTo(new Span<float>(packed + s * width, there));
            return;
        }

        for (int first = 0; first < sources; first += Line)
            for (int c = 0; c < there; c++)
                Turn(tap + (channel + c) * filter + first, Math.Min(Line, sources - first), packed + first * width + c, width);
    }

    private static void Turn(float* from, int count, float* to, nint step)
    {
        for (int s = 0; s < count; s++, to += step)
            *to = from[s];
    }
}
