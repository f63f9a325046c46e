using System.Collections.Concurrent;
using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>Devices of the engine.</summary>
internal static partial class GpuUnderTest
{
    private static readonly ConcurrentBag<CudaDevice> Idle = [], IdlePlain = [];

    /// <summary>A device of its own.</summary>
    public static CudaDevice Open(
        bool synchronous = false, bool plainKernels = false, bool tf32 = false, bool dependentLaunches = false) =>
        CudaDevice.Open(0, KernelFolder, synchronous, plainKernels, tf32, dependentLaunches);

    /// <summary>
    /// A device of its own for many steps: on the emulator with plain kernels, for it takes thrice as long over those for tensor cores.
    /// </summary>
    public static CudaDevice OpenToTrain() => Open(plainKernels: IsEmulated);

    /// <summary>
    /// Runs an action on a device that nobody else uses meanwhile, its threads in the given order, with tensor cores or without.
    /// </summary>
    public static void Use(string order, Action<CudaDevice> action, bool plainKernels = false) =>
        Use(order, action, plainKernels ? IdlePlain : Idle, () => Open(plainKernels: plainKernels));

    private static void Use(string order, Action<CudaDevice> action, ConcurrentBag<CudaDevice> waiting, Func<CudaDevice> open)
    {
        CudaDevice device = waiting.TryTake(out CudaDevice? idle) ? idle : open();
        Emulator.Order(order);
        try
        {
            action(device);
        }
        finally
        {
            Emulator.Order(Emulator.Orders[0]);
        }

        waiting.Add(device);
    }
}
