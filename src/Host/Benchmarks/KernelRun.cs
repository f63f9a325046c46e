using System.Runtime.ExceptionServices;
using ReSTE.Native.Devices;
using ReSTE.Native.Messages;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>Times the kernels of several networks, each kernel and shape once.</summary>
/// <param name="engine">What computes.</param>
/// <param name="device">Where.</param>
/// <param name="filter">Which kernels.</param>
/// <param name="repetitions">How often at most.</param>
internal sealed class KernelRun(IEngine engine, DeviceChoice device, KernelFilter filter, int repetitions)
{
    private readonly HashSet<string> _known = [];
    private readonly List<KernelRow> _rows = [];
    private readonly List<string> _left = [];
    private DeviceRates? _rates;
    private string _device = "";
    private IReadOnlyList<string> _libraries = [];

    /// <summary>Networks that were left out, a line each.</summary>
    public IReadOnlyList<string> LeftOut => _left;

    /// <summary>Refuses a filter that fits nothing, before anything is measured.</summary>
    public void Check(IReadOnlyList<Recipe> recipes) =>
        filter.RequireAny([.. recipes.SelectMany(recipe => engine.List(recipe, device).Launches)]);

    /// <summary>Times them. A network that finds no memory is left out where that is allowed.</summary>
    public KernelResults Measure(IReadOnlyList<Recipe> recipes, bool mayLeaveOut, CancellationToken stop)
    {
        DeviceMemoryException? first = null;
        foreach (var recipe in recipes)
        {
            try
            {
                Measure(recipe, stop);
            }
            catch (DeviceMemoryException problem) when (mayLeaveOut)
            {
                first ??= problem;
                var free = problem.Memory is { } memory ? $", and {memory} are free" : "";
                _left.Add($"{recipe.Dataset}/{recipe.Model} is left out: batches of {Numbers.Text(recipe.BatchSize)} need " +
                    $"{ByteSize.Text(problem.Needs.Total)}{free}");
            }
        }

        if (first is not null && _left.Count == recipes.Count)
            ExceptionDispatchInfo.Throw(first);
        return new(KernelResults.CurrentForm, _device, recipes[0].BatchSize, repetitions,
            MeasuredRates.Of(_rates ?? new DeviceRates(0, 0, 0, 0)), _libraries, Machine.LoadAverage, Machine.Runtime, BuildInfo.Version,
            _rows);
    }

    private void Measure(Recipe recipe, CancellationToken stop)
    {
        using var benchmark = engine.BenchmarkKernels(recipe, device);
        _device = benchmark.Device;
        _rates ??= benchmark.MeasureRates();
        foreach (var (launch, times) in benchmark.Time(launch => filter.Fits(launch.Launch) && _known.Add(launch.Shape), repetitions))
        {
            _rows.Add(KernelRow.Of(recipe, launch, times, _rates));
            stop.ThrowIfCancellationRequested();
        }

        _libraries = benchmark.Libraries;
    }
}
