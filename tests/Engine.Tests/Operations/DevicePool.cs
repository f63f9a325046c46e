using System.Collections.Concurrent;
using ReSTE.Native.Devices.Cpu;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>CPU devices, kept for the next test: starting their threads takes longer than most operations.</summary>
internal static class DevicePool
{
    private static readonly ConcurrentDictionary<(int Bits, int Threads), ConcurrentBag<CpuDevice>> Idle = new();

    /// <summary>Runs an action on a device that nobody else uses meanwhile.</summary>
    public static void Use(int bits, int threads, Action<CpuDevice> action)
    {
        ConcurrentBag<CpuDevice> bag = Idle.GetOrAdd((bits, threads), _ => []);
        CpuDevice device = bag.TryTake(out CpuDevice? idle) ? idle : new CpuDevice(threads, bits);
        action(device);
        bag.Add(device);
    }
}
