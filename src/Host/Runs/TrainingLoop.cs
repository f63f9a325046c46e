using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>Epoch after epoch, with what belongs on disk on disk before the next one begins.</summary>
internal sealed class TrainingLoop
{
    private readonly ITrainingRun _run;
    private readonly RunFolder _folder;
    private readonly RunLog _log;
    private readonly Recipe _recipe;
    private readonly RunOptions _options;
    private readonly HostContext _context;
    private readonly IDisplay _display;
    private readonly RunProgress _progress;
    private readonly RunRecords _records;
    private readonly LayerRecords _layers;
    private readonly RunReport _report;
    private readonly RunSaving _files;

    public TrainingLoop(ITrainingRun run, RunFolder folder, RunLog log, Recipe recipe, RunOptions options, HostContext context)
    {
        (_run, _folder, _log, _recipe, _options, _context) = (run, folder, log, recipe, options, context);
        _display = Displays.For(options.Progress, context, recipe.Epochs);
        (_records, _layers, _report, _files) = (new(folder, options), new(folder, run), new(folder.Path), new(folder));
        _progress = new(_display, log, options.PrintFrequency, _records);
    }

    /// <param name="headline">What is about to be trained.</param>
    public int Run(string headline)
    {
        _display.Line(headline);
        try
        {
            if (!Train())
                return Interrupted();
        }
        catch (Exception problem)
        {
            LogTrace(problem);
            ReportFailure();
            throw problem is IOException or UnauthorizedAccessException
                ? _files.Unsaved($"cannot write to the results folder '{_folder.Path}'", _folder.Path, problem)
                : Trouble.Explain(problem, problem is CudaException ? WhatIsSaved() : $"details in {_folder.Log}");
        }
        Finish();
        if (_recipe.ValidationSplit > 0 && !Test())
            return InterruptedTest();
        Report(RunState.Done);
        _display.Result($"results: {_folder.Path}");
        return ExitCode.Done;
    }

    /// <summary>To the end, or to a signal: then false.</summary>
    private bool Train()
    {
        try
        {
            _display.During(Epochs);
            return true;
        }
        catch (OperationCanceledException) when (_context.Interruption.ExitCode != 0)
        {
            return false;
        }
    }

    /// <summary>To the end, or to a signal: then false.</summary>
    private bool Test()
    {
        try
        {
            new FinalTest(_run, _folder, _log, _options, _context).Run(_display);
            return true;
        }
        catch (OperationCanceledException) when (_context.Interruption.ExitCode != 0)
        {
            return false;
        }
    }

    private void Epochs()
    {
        Report(RunState.Running);
        while (!_run.IsFinished)
        {
            if (_run.NextStep == 0 || _run.SavedEpochs != _recipe.Epochs)
                Announce();
            Record(_run.RunEpoch(_progress, _context.Interruption.Token));
            if (_context.Interruption.ExitCode != 0 && !_run.IsFinished)
                throw new OperationCanceledException(_context.Interruption.Token);
        }
    }

    /// <summary>An epoch taken up in the middle has been announced; with other numbers, where the run had other epochs.</summary>
    private void Announce()
    {
        var (rate, o) = _context.Engine.Schedule(_recipe, _run.NextEpoch);
        _log.Info(LogLines.Rate(rate));
        _log.Info(LogLines.Exponent(o));
    }

    /// <summary>
    /// The row comes before the checkpoint: a resume drops a row without a checkpoint, but could not make up one that is missing.
    /// </summary>
    private void Record(EpochReport report)
    {
        _records.Add(report);
        _layers.Add(report.Epoch);
        Log(report);
        if (report.IsBest)
            _files.Save(_folder.Best, _run.SaveWeights);
        _files.Save(_folder.Checkpoint, _run.Save);
        _layers.DropSigns();
        _files.Write(_folder.Report, _report.Refresh);
        _display.Epoch(report, _progress.TrainingImagesPerSecond);
    }

    private void Log(EpochReport report)
    {
        if (_options.TimeEstimate > 0 && report.Epoch % _options.TimeEstimate == 0)
            _log.Info(LogLines.Estimate(report.Seconds, _recipe.Epochs - report.Epoch - 1, DateTime.Now));
        _log.Info(LogLines.Epoch(report));
        if (report is { EstimatingError: { } error, GradientStability: { } stability })
            _log.Info(LogLines.Indicators(error, stability));
    }

    private void Report(RunState state) => _files.Write(_folder.Report, path => _report.Write(path, state));

    private int Interrupted()
    {
        _files.Write(_folder.Signs, _ => _layers.SaveSigns());
        _files.Save(_folder.Checkpoint, _run.Save);
        Report(RunState.Stopped);
        var message = $"interrupted by {_context.Interruption.Name} in epoch {Numbers.Text(_run.NextEpoch + 1)} " +
            $"of {Numbers.Text(_recipe.Epochs)}; saved {_folder.Checkpoint}";
        _log.Info(message);
        _display.Result(message);
        _display.Result(ResumeCommand.Advice(_context.Arguments, _options.Resume, _context.Program));
        return _context.Interruption.ExitCode;
    }

    private int InterruptedTest()
    {
        Report(RunState.Done);
        var message = $"interrupted by {_context.Interruption.Name} in the test that follows the last epoch; every epoch is saved";
        _log.Info(message);
        _display.Result(message);
        _display.Result(ResumeCommand.Advice(_context.Arguments, _options.Resume, _context.Program));
        return _context.Interruption.ExitCode;
    }

    private string WhatIsSaved() => File.Exists(_folder.Checkpoint)
        ? $"{_folder.Checkpoint} is as it was, {ResumeCommand.Advice(_context.Arguments, _options.Resume, _context.Program)}"
        : "nothing had been saved yet";

    private void Finish()
    {
        var rows = _records.Epochs;
        _log.Info(LogLines.Done);
        foreach (var line in Outcome.Lines(rows, _run))
        {
            _log.Info(line);
            _display.Result(line.Trim());
        }
    }

    private void ReportFailure()
    {
        try
        {
            _report.Write(_folder.Report, RunState.Stopped);
        }
        catch (Exception problem) when (TextFile.IsUnwritable(problem))
        {
            // What stopped the run is on the way to stderr; it may be the same.
        }
    }

    private void LogTrace(Exception problem)
    {
        try
        {
            _log.Error(problem.ToString());
        }
        catch (IOException)
        {
            // A full disk is what stopped the run; its message is on the way to stderr.
        }
    }
}
