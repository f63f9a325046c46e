using ReSTE.Native.Operations;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Packs the signs of a convolution's weights, a panel of two vectors of result channels a part: what a pass over pixels reads lies in one
/// stretch, where rows of all channels, a power of two apart, would push each other out of the caches.
/// </summary>
internal readonly unsafe struct SignPanels<TSimd, TSigns> : IParallelJob
    where TSimd : unmanaged, ISimd<TSimd>
    where TSigns : unmanaged, ISignProduct<TSimd>
{
    public required RowPlan Plan { get; init; }

    public required ConvGeometry Geometry { get; init; }

    /// <summary>[O,K,K,words].</summary>
    public required uint* Signs { get; init; }

    public required bool Transposed { get; init; }

    /// <summary>The panels, one after another.</summary>
    public required float* Packed { get; init; }

    public void Run(int part, int worker)
    {
        var panel = new Panel<TSimd>(Plan, part);
        TSigns.PackPanel(Plan, Signs, Geometry, Transposed, panel.First, panel.Width,
            Packed + panel.Start(Plan, TSigns.ChannelsPerUnit));
    }
}

/// <summary>Some result channels of a convolution: two vectors, or the last one.</summary>
internal readonly struct Panel<TSimd>(RowPlan plan, int number) where TSimd : unmanaged, ISimd<TSimd>
{
    private static int Widest => 2 * TSimd.Width;

    /// <summary>Its first channel.</summary>
    public int First { get; } = number * Widest;

    /// <summary>Its channels, whole vectors.</summary>
    public int Width { get; } = Math.Min(Widest, Floats.Pad(plan.Channels, TSimd.Width) - number * Widest);

    /// <summary>How many a convolution has.</summary>
    public static int Count(in RowPlan plan) => (plan.Channels + Widest - 1) / Widest;

    /// <summary>Where its operand [kernel rows, taps, units, width] begins, in singles.</summary>
    public long Start(in RowPlan plan, int channelsPerUnit) =>
        (long)First * plan.Kernel * plan.Kernel * ((plan.SourceChannels + channelsPerUnit - 1) / channelsPerUnit);
}
