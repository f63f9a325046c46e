using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>How a run ended: the best epoch and the last one, apart, for the best one was chosen by the numbers it is shown with.</summary>
internal static class Outcome
{
    public static IEnumerable<string> Lines(IReadOnlyList<EpochReport> rows, ITrainingRun run)
    {
        if (rows.Count == 0)
            yield break;
        yield return Best(rows, run);
        yield return LogLines.Last(rows[^1].Epoch, rows[^1].Validation.Top1, rows[^1].Validation.Loss);
        var measured = rows.Where(row => row is { EstimatingError: not null, GradientStability: not null }).ToArray();
        if (measured.Length > 0)
            yield return LogLines.MeanIndicators(
                measured.Average(row => row.EstimatingError!.Value), measured.Sum(row => row.GradientStability!.Value));
    }

    private static string Best(IReadOnlyList<EpochReport> rows, ITrainingRun run)
    {
        if (run.BestEpoch < 0)
            return LogLines.BestBefore(run.BestTop1);
        return rows.FirstOrDefault(row => row.Epoch == run.BestEpoch) is { } best
            ? LogLines.Best(run.BestEpoch, run.BestTop1, best.Validation.Loss)
            : LogLines.BestWithoutRow(run.BestEpoch, run.BestTop1);
    }
}
