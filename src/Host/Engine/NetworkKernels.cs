using ReSTE.Native.Devices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The engine's benchmark, with the device it runs on and owns.</summary>
internal sealed class NetworkKernels : IKernelBenchmark
{
    private readonly Device _device;
    private readonly KernelBenchmark _benchmark;

    public NetworkKernels(Recipe recipe, Device device)
    {
        _device = device;
        try
        {
            _benchmark = new(BenchData.Fit(recipe), device, BenchData.Of(recipe));
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    public string Device => _device.Description;

    public IReadOnlyList<string> Libraries => _benchmark.Libraries;

    public DeviceRates MeasureRates() => _benchmark.MeasureRates();

    public IEnumerable<(DistinctLaunch Launch, KernelTimes Times)> Time(Func<DistinctLaunch, bool> wanted, int repetitions) =>
        _benchmark.Time(wanted, repetitions);

    public void Dispose()
    {
        _benchmark.Dispose();
        _device.Dispose();
    }
}
