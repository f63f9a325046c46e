using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>One pass of a checkpoint over the test images. It writes no file.</summary>
internal static class Evaluation
{
    public static int Run(Settings settings, string file, HostContext context)
    {
        if (!File.Exists(file))
            throw new HostException(ExitCode.Checkpoint, $"there is no checkpoint '{file}'");
        var (options, stop) = (settings.Options, context.Interruption.Token);
        var notices = new List<string>(settings.Notices);
        stop.ThrowIfCancellationRequested();
        var data = context.Engine.Open(settings.Recipe, options.DataPath);
        var recipe = BatchRule.Fit(settings.Recipe, data, notices);
        stop.ThrowIfCancellationRequested();
        using var run = context.Engine.Start(recipe, options.Device, data);
        run.LoadWeights(file);
        var display = Displays.For(options.Progress, context, 0, 1);
        foreach (var notice in notices)
            display.Line(notice);
        PassResult result = default;
        display.During(() => result = run.Evaluate(new RunProgress(display, null, options.PrintFrequency), stop));
        display.Result(LogLines.Validation(result).TrimEnd());
        return ExitCode.Done;
    }
}
