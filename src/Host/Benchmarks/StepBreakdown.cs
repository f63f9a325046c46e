using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Host;

/// <summary>
/// A step by operation. Rows are means over the middle quarter of the steps by their time: medians of rows would not add up to a step.
/// Limits as <see cref="StepRates"/> has them.
/// </summary>
/// <param name="Rows">All there is in a step.</param>
/// <param name="RowsMs">Their sum.</param>
/// <param name="DifferencePercent">Of that sum from the median of the steps.</param>
/// <param name="LimitMs">Sum of the limits.</param>
/// <param name="LimitShare">It over the median of the steps.</param>
/// <param name="Limits">The machine's, in the minute of the steps.</param>
internal sealed record StepBreakdown(IReadOnlyList<StepRow> Rows, double RowsMs, double DifferencePercent, double LimitMs,
    double LimitShare, IReadOnlyList<MachineLimit> Limits)
{
    /// <summary>
    /// Name of the row of all that is no operation: the loop over steps, the order of an epoch that begins, the result of an evaluation.
    /// </summary>
    public const string Between = "between_operations";

    /// <param name="operations">Of the step.</param>
    /// <param name="seconds">Of each step, those of each operation.</param>
    /// <param name="milliseconds">Of each step.</param>
    /// <param name="limits">The machine's.</param>
    public static StepBreakdown Of(IReadOnlyList<StepOperation> operations, IReadOnlyList<double[]> seconds,
        IReadOnlyList<double> milliseconds, IReadOnlyList<CpuLimit> limits)
    {
        int[] sorted = [.. Enumerable.Range(0, milliseconds.Count).OrderBy(step => milliseconds[step])];
        var cut = 3 * sorted.Length / 8;
        var middle = sorted[cut..^cut];
        var rates = new StepRates(limits);
        double all = middle.Average(step => milliseconds[step]), median = Median(milliseconds, sorted);
        StepRow[] rows =
        [
            .. operations.Index().GroupBy(o => Key(o.Item)).Select(same => Row([.. same], seconds, middle, rates, all)),
            Rest(seconds, milliseconds, middle, all),
        ];
        double sum = rows.Sum(row => row.Ms), limit = rows.Sum(row => row.LimitMs);
        return new(rows, sum, 100 * (sum / median - 1), limit, limit / median, [.. limits.Select(MachineLimit.Of)]);
    }

    // Convolutions by their sizes, all others by what they compute: some thirty rows for a residual network.
    private static (string Kind, StepDirection Direction, string? Sizes) Key(StepOperation o) => (o.Kind, o.Direction, o.Sizes);

    private static StepRow Row((int Index, StepOperation Operation)[] same, IReadOnlyList<double[]> seconds, int[] middle,
        StepRates rates, double all)
    {
        var first = same[0].Operation;
        double Ms(int step) => same.Sum(o => seconds[step][o.Index]) * 1000;
        var ms = middle.Average(Ms);
        (double Ms, string By)[] limits = [.. same.Select(o => rates.Limit(o.Operation.Work))];
        var limit = limits.Sum(l => l.Ms);
        return new(first.Kind, first.Direction, first.Sizes, same.Length, ms, Enumerable.Range(0, seconds.Count).Min(Ms), ms / all,
            same.Sum(o => o.Operation.Work.Bytes), same.Sum(o => o.Operation.Work.Bits), same.Sum(o => o.Operation.Work.Sign),
            same.Sum(o => o.Operation.Work.Real), limit, limit / Math.Max(ms, 1e-9), limit > 0 ? limits.MaxBy(l => l.Ms).By : null,
            [.. same.Select(o => o.Operation.Layer)]);
    }

    private static StepRow Rest(IReadOnlyList<double[]> seconds, IReadOnlyList<double> milliseconds, int[] middle, double all)
    {
        double Ms(int step) => milliseconds[step] - 1000 * seconds[step].Sum();
        var ms = middle.Average(Ms);
        return new(Between, null, null, 1, ms, Enumerable.Range(0, seconds.Count).Min(Ms), ms / all, 0, 0, 0, 0, 0, 0, null, []);
    }

    private static double Median(IReadOnlyList<double> values, int[] sorted) =>
        (values[sorted[(sorted.Length - 1) / 2]] + values[sorted[sorted.Length / 2]]) / 2;
}

/// <summary>
/// Operations of a step that are alike, together; bytes and multiply-adds as in <see cref="StepOperation.Work"/>. The limit is of products
/// or of bytes in L2, L3 or memory; null where there is none.
/// </summary>
internal sealed record StepRow(string Operation, StepDirection? Direction, string? Sizes, int Calls, double Ms, double MsMin, double Share,
    long Bytes, long Bits, long Sign, long Real, double LimitMs, double LimitShare, string? LimitedBy, IReadOnlyList<string> Layers);
