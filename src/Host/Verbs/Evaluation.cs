using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>One pass of a checkpoint over the test images. It writes no file.</summary>
internal static class Evaluation
{
    public static int Run(Settings settings, string file, HostContext context)
    {
        var (options, stop) = (settings.Options, context.Interruption.Token);
        var notices = new List<string>(settings.Notices);
        var checkpoint = CheckpointPath.Of(file, notices);
        stop.ThrowIfCancellationRequested();
        var data = context.Engine.Open(settings.Recipe, options.DataPath, options.Device) with { ReadingThreads = options.ReadingThreads };
        notices.AddRange(data.Notices);
        var recipe = BatchRule.Fit(settings, data, evaluating: true, notices);
        stop.ThrowIfCancellationRequested();
        using var run = context.Engine.Start(recipe, options.Device, data);
        notices.AddRange(DataNotice.Evaluating(checkpoint, run.LoadWeights(checkpoint), recipe));
        context.Notify(notices);
        var display = Displays.For(options.Progress, context, 1);
        display.Result(LogLines.Validation(Pass(run, display, options, stop)).TrimEnd());
        return ExitCode.Done;
    }

    /// <summary>A pass over the test images that is followed on a display, and in no log.</summary>
    public static PassResult Pass(ITrainingRun run, IDisplay display, RunOptions options, CancellationToken stop)
    {
        PassResult result = default;
        display.During(() => result = run.Evaluate(new RunProgress(display, null, options.PrintFrequency), stop));
        return result;
    }
}
