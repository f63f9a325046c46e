using ReSTE.Native.Operations;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Packs the signs of a convolution's weights, a panel of some vectors of result channels a part: what a pass over pixels reads lies in one
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
        var panel = new Panel<TSimd>(Plan, part, TSigns.PanelVectors);
        float* packed = Packed + panel.Start(RowKernel<TSimd, TSigns>.PackedSingles(Plan));
        TSigns.PackPanel(Plan, Signs, Geometry, Transposed, panel.First, panel.Width, packed);
    }
}
