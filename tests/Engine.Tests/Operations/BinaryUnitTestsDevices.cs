using System.Collections.Concurrent;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Operations;
using ReSTE.Native.Ops;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>
/// A device that fuses a binary unit: the CPU at the widths that do, the GPU or its emulator if it does, and the tests' own devices at the
/// other widths.
/// </summary>
internal sealed class UnitDevice
{
    private readonly Action<int, Action<Device>> _use;

    private readonly bool _isForChains;

    private UnitDevice(string name, Action<int, Action<Device>> use, bool takesParts = false, bool isForChains = false) =>
        (Name, _use, TakesParts, _isForChains) = (name, use, takesParts, isForChains);

    /// <summary>All that this machine can run.</summary>
    public static IReadOnlyList<UnitDevice> All { get; } = [.. OfCpu(), .. OfTests(), .. OfGpu()];

    public string Name { get; }

    /// <summary>Whether it multiplies real numbers in parts, as tensor cores do.</summary>
    public bool TakesParts { get; }

    /// <summary>Whether a device's kernels fuse a direction.</summary>
    public static bool Fuses(Device device) => device.Kernels is IBinaryUnit;

    /// <summary>
    /// Whether it fuses every unit of a case: the CPU does, a GPU where the tensor cores suit the channels. One that finishes a unit with
    /// the next is like the other for a unit by itself.
    /// </summary>
    public bool FusesAll(UnitCase unitCase)
    {
        if (_isForChains && !unitCase.IsChain)
            return false;
        bool fuses = true;
        _use(1, device => fuses = unitCase.Units.All(g => BinaryUnit.IsFused(device.Kernels, g)));
        return fuses;
    }

    /// <summary>Runs an action on such a device with a number of threads, if it has threads.</summary>
    public void Use(int threads, Action<Device> action) => _use(threads, action);

    private static IEnumerable<UnitDevice> OfCpu() => CpuVectors.Available.Where(FusesAt)
        .Select(bits => new UnitDevice($"cpu, {bits} bits", (threads, action) => DevicePool.Use(bits, threads, action)));

    private static IEnumerable<UnitDevice> OfTests() =>
        CpuVectors.Available.Where(bits => !FusesAt(bits)).Select(OfTests);

    private static UnitDevice OfTests(int bits)
    {
        var idle = new ConcurrentDictionary<int, ConcurrentBag<FusedDevice>>();
        return new UnitDevice($"fused, {bits} bits", (threads, action) =>
        {
            ConcurrentBag<FusedDevice> bag = idle.GetOrAdd(threads, _ => []);
            FusedDevice device = bag.TryTake(out FusedDevice? kept) ? kept : new FusedDevice(bits, threads);
            action(device);
            bag.Add(device);
        });
    }

    private static IEnumerable<UnitDevice> OfGpu()
    {
        foreach (string order in GpuUnderTest.Orders)
        {
            bool fuses = false;
            GpuUnderTest.Use(order, device => fuses = Fuses(device));
            if (!fuses)
                continue;
            yield return new UnitDevice($"cuda, {order}", (_, action) => GpuUnderTest.Use(order, action), takesParts: true);
            // That orders give the same bits there, BinaryUnitNextTests says.
            if (order == GpuUnderTest.Orders[^1])
                yield return new UnitDevice($"cuda, {order}, units finished by the next", (_, action) => GpuUnderTest.Use(order, 1, action),
                    takesParts: true, isForChains: true);
        }
    }

    private static bool FusesAt(int bits)
    {
        using var device = new CpuDevice(1, bits);
        return Fuses(device);
    }
}
