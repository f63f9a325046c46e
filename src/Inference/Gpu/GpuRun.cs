using System.Diagnostics.CodeAnalysis;
using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Gpu;

/// <summary>Where steps for a number of images find what they read and write, and where they are queued.</summary>
/// <param name="Stream">The queue.</param>
/// <param name="Modules">The kernels.</param>
/// <param name="Constants">What <see cref="GpuConstants"/> say.</param>
/// <param name="Bytes">Device address of the images' bytes.</param>
/// <param name="Values">Their values, one of all images together.</param>
/// <param name="Images">Images.</param>
internal sealed record GpuRun(
    CudaStream Stream, KernelModules Modules, GpuBlocks Constants, nint Bytes, GpuBlocks Values, int Images)
{
    /// <summary>A value, or null for place -1.</summary>
    public Ptr<T> Value<T>(long place) where T : unmanaged => new(place < 0 ? 0 : Values[place]);

    /// <summary>A constant, or null for place -1.</summary>
    public Ptr<T> Constant<T>(long place) where T : unmanaged => new(place < 0 ? 0 : Constants[place]);

    /// <summary>Queues a kernel, a thread an element.</summary>
    public void Launch<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs>(in TArgs args, long threads)
        where TArgs : unmanaged, IKernelArgs =>
        Launch(args, new Grid(Grid.Blocks(threads, Modules.Find<TArgs>().Block)));

    /// <summary>Queues a kernel.</summary>
    public void Launch<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs>(in TArgs args, Grid grid)
        where TArgs : unmanaged, IKernelArgs =>
        Stream.Launch(args, grid);
}

/// <summary>One layer for a number of images, its constants on the GPU.</summary>
internal abstract class GpuStep
{
    /// <summary>Queues its kernel.</summary>
    public abstract void Launch(GpuRun run);
}
