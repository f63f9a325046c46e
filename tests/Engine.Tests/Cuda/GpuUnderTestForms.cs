using System.Collections.Concurrent;
using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>Forms of kernels, which only the engine's own tests see.</summary>
internal static partial class GpuUnderTest
{
    private static readonly ConcurrentDictionary<(SignForm?, int?), ConcurrentBag<CudaDevice>> IdleOfForms = new();

    /// <summary>As the other, with a form of multiplying signs that need not be the GPU's own.</summary>
    public static void Use(string order, SignForm form, Action<CudaDevice> action) => Use(order, form, null, action);

    /// <summary>As the other, where a unit does the second half of the one before from a number of blocks on.</summary>
    public static void Use(string order, int fewestImageBlocks, Action<CudaDevice> action, SignForm? form = null) =>
        Use(order, form, fewestImageBlocks, action);

    private static void Use(string order, SignForm? form, int? fewestImageBlocks, Action<CudaDevice> action) => Use(order, action,
        IdleOfForms.GetOrAdd((form, fewestImageBlocks), _ => []), () => CudaDevice.Open(form, fewestImageBlocks, KernelFolder));
}
