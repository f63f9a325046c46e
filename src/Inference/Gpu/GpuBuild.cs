using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Gpu;

/// <summary>What steps are made for: a GPU and its kernels, and where their constants go.</summary>
/// <param name="modules">The kernels.</param>
/// <param name="info">The GPU.</param>
/// <param name="form">How tensor cores multiply signs; null to leave them alone.</param>
/// <param name="isApart">Whether values and constants have memory of their own each, for tests.</param>
internal sealed class GpuBuild(KernelModules modules, CudaDeviceInfo info, SignForm? form, bool isApart)
{
    private readonly CudaKernel? _mma = form == null ? null : modules.Find<PackedSignConvMma>();

    /// <summary>Whether values and constants have memory of their own each.</summary>
    public bool IsApart => isApart;

    /// <summary>Constants of the steps.</summary>
    public GpuConstants Constants { get; } = new();

    /// <summary>Pixels that a block of <c>packed_real_conv</c> has, and channels a thread of it.</summary>
    public (uint Pixels, uint Channels) RealTile { get; } = (modules.Find<PackedRealConv>().Constant("packed_real_conv_pixels"),
        modules.Find<PackedRealConv>().Constant("packed_real_conv_channels"));

    /// <summary>How a convolution of signs is multiplied; null for word by word, where its sizes suit no tensor core.</summary>
    public SignForm? FormOf(in ConvGeometry g) =>
        _mma != null && SignForms.Suit(g, _mma) && g.K * g.K * g.I <= _mma.Constant("packed_most_count") ? form : null;

    /// <summary>Blocks of a convolution on tensor cores, a number of them a multiprocessor at once.</summary>
    public Grid GridOf(in ConvGeometryArgument g, uint atOnce)
    {
        uint filters = Grid.Blocks(g.O, _mma!.Constant("xnor_filters"));
        uint tiles = Grid.Blocks((long)g.N * g.Oh * g.Ow, _mma.Constant("xnor_pixels"));
        return new Grid(Math.Min(tiles, Math.Max(1, Grid.Blocks((long)info.Multiprocessors * atOnce, filters))), filters);
    }
}
