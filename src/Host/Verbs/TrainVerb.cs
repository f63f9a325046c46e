using System.CommandLine;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>`reste [train]`: trains a network and leaves a run folder; with --evaluate it only evaluates.</summary>
internal sealed class TrainVerb(IEngine engine, TrainingFlags flags) : Verb("train", "Trains a network and leaves a run folder.", flags.All)
{
    public TrainVerb(IEngine engine) : this(engine, new())
    {
    }

    public override bool LeavesFiles(ParseResult parsed) => flags.Evaluate.In(parsed) is null;

    public override int Run(ParseResult parsed, HostContext context)
    {
        var settings = new RecipeReader(flags, engine).Read(parsed);
        return settings.Options.Evaluate is { } file ? Evaluation.Run(settings, file, context) : Train(settings, context);
    }

    /// <summary>One run, as its settings have it.</summary>
    public int Train(Settings settings, HostContext context)
    {
        try
        {
            return Begin(settings, context, context.Interruption.Token);
        }
        catch (OperationCanceledException) when (context.Interruption.ExitCode != 0)
        {
            context.Out.WriteLine($"interrupted by {context.Interruption.Name} " + (settings.Options.Resume
                ? $"while starting; the checkpoint in {settings.Options.Folder} is as it was"
                : "before there was anything to save"));
            return context.Interruption.ExitCode;
        }
    }

    private static IEnumerable<string> Resume(ITrainingRun run, RunFolder folder, Settings settings)
    {
        if (!folder.ResumesPublished)
            return DataNotice.Resuming(folder.Checkpoint, run.Resume(folder.Checkpoint, settings.NamesEpochs));
        try
        {
            return [WeightsNotice.Resuming(folder.ToResume, run.ResumeForeign(folder.ToResume), settings.Recipe)];
        }
        catch (CheckpointException problem) when (problem.Kind is CheckpointFault.Incomplete or CheckpointFault.OtherData)
        {
            throw new HostException(ExitCode.Checkpoint, problem.Message,
                $"in place of --resume, --init {folder.ToResume} starts from its weights", problem);
        }
    }

    /// <summary>The data come before the folder: a run without data leaves nothing behind.</summary>
    private int Begin(Settings settings, HostContext context, CancellationToken stop)
    {
        var options = settings.Options;
        var notices = new List<string>(settings.Notices);
        if (options.Resume)
            RunFolder.RequireCheckpoint(options.Folder);
        var init = options.Init is { } given ? CheckpointPath.Of(given, notices, "starting from") : null;
        stop.ThrowIfCancellationRequested();
        var whole = engine.Open(settings.Recipe, options.DataPath, options.Device) with { ReadingThreads = options.ReadingThreads };
        var data = ValidationSplit.Of(settings.Recipe, whole);
        notices.AddRange(data.Notices);
        var recipe = BatchRule.FitTraining(settings, data, notices);
        stop.ThrowIfCancellationRequested();
        using var run = engine.Start(recipe, options.Device, data);
        if (init is not null)
            notices.Add(WeightsNotice.Starting(init, run.StartFrom(init), recipe));
        using var folder = RunFolder.Open(options.Folder);
        if (options.Resume)
        {
            notices.AddRange(Resume(run, folder, settings));
            notices.AddRange(ScheduleNotice.Of(recipe, run, engine));
        }
        stop.ThrowIfCancellationRequested();
        if (options.Resume && run.IsFinished)
        {
            context.Notify(notices);
            return Finished(run, folder, recipe, options, context);
        }
        using var log = RunFiles.Begin(folder, run, recipe, options, notices);
        context.Notify(notices);
        var headline = Headline.Of(recipe, engine.Summarize(recipe, data.Train.Classes), data, run.Device, folder.Path);
        log.Info(headline);
        return new TrainingLoop(run, folder, log, recipe, options, context).Run(headline);
    }

    /// <summary>A test that was to follow the last epoch may have been interrupted: it is done, or done again.</summary>
    private static int Finished(ITrainingRun run, RunFolder folder, Recipe recipe, RunOptions options, HostContext context)
    {
        context.Out.WriteLine($"already finished: {Plural.Of(recipe.Epochs, "epoch")}; nothing to train");
        if (recipe.ValidationSplit > 0)
        {
            using var log = FinalTest.IsLogged(folder, run) ? null : new RunLog(folder.Log, append: true);
            new FinalTest(run, folder, log, options, context).Run(Displays.For(options.Progress, context, recipe.Epochs));
        }
        // A run that was killed right after its last checkpoint has left these as they were in its last epoch.
        File.Delete(folder.Signs);
        new RunReport(folder.Path).Write(folder.Report, RunState.Done);
        return ExitCode.Done;
    }
}
