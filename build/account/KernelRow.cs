namespace ReSTE.Native.Account;

/// <summary>All launches of one kernel in a step.</summary>
internal sealed record KernelRow(string Kernel, IReadOnlyList<Launch> Launches, KernelCode Code, Resources Resources)
{
    public double Bytes => Launches.Sum(launch => launch.Bytes);

    /// <summary>Microseconds of a step at least, by memory and products.</summary>
    public double Floor => Launches.Sum(Hopper.Floor);

    /// <summary>Microseconds of a step that the counted instructions allow; null where it is not known how often they run.</summary>
    public double? Allowed => Times.All(times => times != null) ? Times.Sum(times => times!.Max()) : null;

    /// <summary>What takes this time, over all launches.</summary>
    public string Limit => Allowed == null ? "" : InstructionMix.Limits.Select((name, i) => (name, Time: Times.Sum(times => times![i])))
        .MaxBy(limit => limit.Time).name;

    /// <summary>Microseconds of a step at least, launch by launch the larger of both.</summary>
    public double Least => Launches.Zip(Times, (launch, times) => Math.Max(Hopper.Floor(launch), times?.Max() ?? 0)).Sum();

    private IEnumerable<double[]?> Times => Launches.Select(launch =>
        Trips.Of(launch, Code) is { } trips ? Hopper.Times(launch, Code, trips) : null);

    /// <summary>Blocks of a launch on all multiprocessors at once.</summary>
    public int BlocksAtOnce => Hopper.Multiprocessors * Launches.Min(launch => Resources.BlocksAtOnce(launch.Threads));

    public double Work(WorkKind kind) => Launches.Sum(launch => launch.Of(kind));
}

/// <summary>A step, kernel by kernel: those with the highest floor first.</summary>
internal sealed record StepAccount(Step Step, IReadOnlyList<KernelRow> Rows)
{
    public static StepAccount Of(Step step, CompiledKernels kernels) => new(step,
        [.. step.Launches.GroupBy(launch => launch.Kernel, StringComparer.Ordinal)
            .Select(group => new KernelRow(group.Key, [.. group], kernels.Code(group.Key, group.Any(launch => launch.Work > 0)),
                kernels.Resources(group.Key)))
            .OrderByDescending(row => row.Floor).ThenBy(row => row.Kernel, StringComparer.Ordinal)]);
}
