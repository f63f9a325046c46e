using System.CommandLine;

namespace ReSTE.Native.Host;

/// <summary>`reste [train]`: trains a network and leaves a run folder; with --evaluate it only evaluates.</summary>
internal sealed class TrainVerb(IEngine engine, TrainingFlags flags) : Verb("train", "Trains a network and leaves a run folder.", flags.All)
{
    public TrainVerb(IEngine engine) : this(engine, new())
    {
    }

    public override int Run(ParseResult parsed, HostContext context)
    {
        var settings = new RecipeReader(flags, engine).Read(parsed);
        return settings.Options.Evaluate is { } file ? Evaluation.Run(settings, file, context) : Train(settings, context);
    }

    private int Train(Settings settings, HostContext context)
    {
        var (options, stop) = (settings.Options, context.Interruption.Token);
        var notices = new List<string>(settings.Notices);
        if (options.Resume)
            RunFolder.RequireCheckpoint(options.Folder);
        using var folder = RunFolder.Open(options.Folder);
        stop.ThrowIfCancellationRequested();
        var data = engine.Open(settings.Recipe, options.DataPath);
        var recipe = BatchRule.Fit(settings.Recipe, data, notices);
        stop.ThrowIfCancellationRequested();
        using var run = engine.Start(recipe, options.Device, data);
        if (options.Resume)
            run.Resume(folder.Checkpoint);
        stop.ThrowIfCancellationRequested();
        using var log = RunFiles.Begin(folder, run, recipe, options, notices);
        return new TrainingLoop(run, folder, log, recipe, options, context).Run(notices);
    }
}
