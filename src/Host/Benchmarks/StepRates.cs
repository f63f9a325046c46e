using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;

namespace ReSTE.Native.Host;

/// <summary>The least time that an operation can take on a processor whose limits have been measured.</summary>
internal sealed class StepRates(IReadOnlyList<CpuLimit> limits)
{
    // From the innermost to memory, as they are measured.
    private readonly CpuLimit[] _levels = [.. limits.Where(limit => limit.Work == CpuWork.Copy)];
    private readonly double _bits = Best(limits, CpuWork.CountBits), _real = Best(limits, CpuWork.MultiplyAdd),
        _sign = Math.Max(Best(limits, CpuWork.SignedSums), Best(limits, CpuWork.MultiplyAdd));

    /// <summary>Its milliseconds, and what takes them: products, or bytes of L2, L3 or memory.</summary>
    public (double Ms, string By) Limit(LaunchWork work)
    {
        var level = Level(work.Bytes);
        var rates = new DeviceRates(level.PerSecond, _bits, _sign, _real);
        double products = rates.Matrix(work), all = rates.Floor(work);
        return (all * 1000, products >= all ? "products" : level.Memory!);
    }

    // A limit is measured in half of a cache: what an operation touches may fill the whole.
    private CpuLimit Level(long bytes) => _levels.FirstOrDefault(level => bytes <= 2 * level.Bytes * level.Threads) ?? _levels[^1];

    private static double Best(IEnumerable<CpuLimit> limits, CpuWork work) =>
        limits.Where(limit => limit.Work == work).Select(limit => limit.PerSecond).DefaultIfEmpty().Max();
}
