using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>The tile of a real convolution as <c>tile.cuh</c> and <c>conv_tile.cuh</c> fix it.</summary>
internal static class ConvTile
{
    /// <summary>Threads of a block.</summary>
    public const int Threads = 64;

    /// <summary>Channels of the result a block computes.</summary>
    public const int Columns = 16;

    /// <summary>Pixels of the result a block computes.</summary>
    public const int Pixels = 128;

    /// <summary>Blocks that cover a result [N,H,W,C].</summary>
    public static Grid Grid(Shape result) => new(CudaKernels.Blocks(result.Rows, Pixels), CudaKernels.Blocks(result.Last, Columns));
}
