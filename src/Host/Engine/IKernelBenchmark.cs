using ReSTE.Native.Devices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The kernels of one network's training step, each ready to be repeated and timed; see <see cref="KernelBenchmark"/>.</summary>
internal interface IKernelBenchmark : IDisposable
{
    /// <summary>The device in words.</summary>
    string Device { get; }

    /// <summary>Other libraries to compare with, or what was tried.</summary>
    IReadOnlyList<string> Libraries { get; }

    DeviceRates MeasureRates();

    IEnumerable<(DistinctLaunch Launch, KernelTimes Times)> Time(Func<DistinctLaunch, bool> wanted, int repetitions);
}
