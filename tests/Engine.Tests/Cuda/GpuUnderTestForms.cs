using System.Collections.Concurrent;
using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>Forms of multiplying signs, which only the engine's own tests see.</summary>
internal static partial class GpuUnderTest
{
    private static readonly ConcurrentDictionary<SignForm, ConcurrentBag<CudaDevice>> IdleOfForm = new();

    /// <summary>As the other, with a form of multiplying signs that need not be the GPU's own.</summary>
    public static void Use(string order, SignForm form, Action<CudaDevice> action) =>
        Use(order, action, IdleOfForm.GetOrAdd(form, _ => []), () => CudaDevice.Open(form, KernelFolder));
}
