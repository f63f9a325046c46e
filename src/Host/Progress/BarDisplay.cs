using ReSTE.Native.Training;
using Spectre.Console;

namespace ReSTE.Native.Host;

/// <summary>
/// Epochs as rows of a table, and below them a bar over the one under way with speed, loss, accuracy and the time left of the run. Steps
/// only leave their numbers here; drawing is a timer's work. Only the bar is left to the console, which breaks long lines at the terminal's
/// width; results can be copied whole.
/// </summary>
internal sealed class BarDisplay(IAnsiConsole console, TextWriter output, int epochs) : IDisplay
{
    private const long RefreshMilliseconds = 100;

    private const int Width = 20;

    private const int NarrowWidth = 10;

    private const int ManyEpochs = 100;

    private readonly LiveNumbers _numbers = new(epochs);
    private readonly EpochTable _table = new(epochs);
    private ProgressTask? _task;
    private long _shown;

    public void During(Action work) => console.Progress().AutoClear(true).HideCompleted(false)
        .Columns(new ProgressBarColumn { Width = epochs < ManyEpochs ? Width : NarrowWidth }, new NumbersColumn(_numbers))
        .Start(live =>
        {
            _task = live.AddTask("epoch", maxValue: 1);
            try
            {
                work();
            }
            finally
            {
                _task = null;
            }
        });

    public void Step(in StepReport report, double imagesPerSecond)
    {
        _numbers.Set(report, imagesPerSecond);
        var now = Environment.TickCount64;
        if (_task is null || (now - _shown < RefreshMilliseconds && report.Step + 1 < report.Steps))
            return;
        _shown = now;
        // Never quite full: a full task counts as finished, and the next epoch refills it.
        _task.Value = Math.Min(0.9999, report.Images / (double)report.TotalImages);
    }

    public void StepLine(string line)
    {
    }

    public void Epoch(EpochReport report, double imagesPerSecond)
    {
        foreach (var line in _table.Add(report, imagesPerSecond, console.Profile.Width))
            Line(line);
    }

    public void Line(string line)
    {
        if (_task is null)
            output.WriteLine(line);
        else
            console.Write(new LineAboveBar(line));
    }

    public void Result(string line) => output.WriteLine(line);
}
