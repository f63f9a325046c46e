namespace ReSTE.Native.Account;

/// <summary>All launches of one kernel in a step.</summary>
internal sealed record KernelRow(string Kernel, IReadOnlyList<Launch> Launches, KernelCode Code, Resources Resources)
{
    public double Bytes => Launches.Sum(launch => launch.Bytes);

    /// <summary>Microseconds of a step at least, by memory and products.</summary>
    public double Floor => Launches.Sum(Hopper.Floor);

    /// <summary>Microseconds of a step that the counted instructions allow; null where it is not known how often they run.</summary>
    public double? Allowed
    {
        get
        {
            double sum = 0, clocks = Code.Mix.Clocks().Clocks;
            foreach (Launch launch in Launches)
                if (Trips.Of(launch, Code) is { } shares)
                    sum += Hopper.Time(launch, shares, clocks);
                else
                    return null;
            return sum;
        }
    }

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
