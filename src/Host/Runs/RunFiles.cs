using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// Prepares a run's files: fresh ones, with an earlier run's moved aside, or those of the resumed run cut back to its checkpoint.
/// </summary>
internal static class RunFiles
{
    public static RunLog Begin(RunFolder folder, ITrainingRun run, Recipe recipe, RunOptions options, ICollection<string> notices)
    {
        try
        {
            var log = options.Resume ? Continue(folder, run, recipe, options, notices) : Fresh(folder, run, recipe, options, notices);
            foreach (var notice in notices)
                log.Info(notice);
            return log;
        }
        catch (Exception problem) when (RunFolder.IsUnwritable(problem))
        {
            throw RunFolder.Unwritable(folder.Path, problem);
        }
    }

    private static RunLog Continue(
        RunFolder folder, ITrainingRun run, Recipe recipe, RunOptions options, ICollection<string> notices)
    {
        // The published trainer's folder may come without its arguments, and a run of ours always has some.
        if (!File.Exists(folder.Arguments))
            TextFile.Replace(folder.Arguments, ArgumentFile.Text(recipe, options, run.Device, DateTime.Now));
        ArgumentFile.SetEpochs(folder.Arguments, recipe.Epochs);
        new RunRecords(folder, options).CutBack(run.NextEpoch, run.NextStep);
        LogCut.Back(folder.Log, run.NextEpoch, run.NextStep);
        notices.Add($"resuming {folder.ToResume} at epoch {Numbers.Text(run.NextEpoch + 1)}" +
            (run.NextStep > 0 ? $", after {Plural.Of(run.NextStep, "step")} of it" : ""));
        foreach (var notice in LayerRecords.Notices(folder, run))
            notices.Add(notice);
        return new(folder.Log, append: true);
    }

    private static RunLog Fresh(RunFolder folder, ITrainingRun run, Recipe recipe, RunOptions options, ICollection<string> notices)
    {
        if (folder.MoveEarlierRunAside() is { } aside)
            notices.Add($"the folder held an earlier run: its files are now in {aside}");
        TextFile.Replace(folder.Arguments, ArgumentFile.Text(recipe, options, run.Device, DateTime.Now));
        new RunRecords(folder, options).Create();
        var log = new RunLog(folder.Log, append: false);
        log.Info($"saving to {folder.Path}");
        log.Info($"creating model {recipe.Model}");
        log.Info($"device: {run.Device}");
        return log;
    }
}
