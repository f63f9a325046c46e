using System.Runtime.InteropServices;
using System.Text;
using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>What the emulator exports beside the driver's functions.</summary>
internal static unsafe class Emulator
{
    private const ulong Seed = 20;

    private static readonly nint Library = CudaDevices.Probe().Library is { } path && NativeLibrary.TryLoad(path, out nint loaded) ? loaded
        : 0;

    private static readonly delegate* unmanaged<int, ulong,
        void> SetOrder = (delegate* unmanaged<int, ulong, void>)Export("reste_emulator_set_order");

    private static readonly delegate* unmanaged<byte*, ulong> Counter = (delegate* unmanaged<byte*, ulong>)Export("reste_emulator_count");

    private static readonly delegate* unmanaged<ulong, void> Taker = (delegate* unmanaged<ulong, void>)Export("reste_emulator_take");

    /// <summary>Orders in which the threads of a block, and the blocks, can run.</summary>
    public static IReadOnlyList<string> Orders { get; } = ["forward", "reverse", "shuffled"];

    /// <summary>Whether the driver library that was loaded is the emulator.</summary>
    public static bool IsLoaded => SetOrder != null;

    /// <summary>Sets the order for what this thread launches from now on. Does nothing on a real GPU.</summary>
    public static void Order(string order)
    {
        if (IsLoaded)
            SetOrder(Math.Max(0, Orders.ToList().IndexOf(order)), Seed);
    }

    /// <summary>Has another program hold a number of bytes of the device from now on: of every one in this process.</summary>
    public static void Take(long bytes) => Taker((ulong)bytes);

    /// <summary>
    /// How often something has happened in this process: launches, graph_launches, allocations, host_allocations, modules.
    /// </summary>
    public static long Count(string what)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(what + '\0'))
            return (long)Counter(name);
    }

    private static nint Export(string name) => Library != 0 && NativeLibrary.TryGetExport(Library, name, out nint address) ? address : 0;
}
