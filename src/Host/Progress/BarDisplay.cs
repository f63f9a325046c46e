using ReSTE.Native.Training;
using Spectre.Console;

namespace ReSTE.Native.Host;

/// <summary>
/// A bar over the epoch with speed, loss, accuracy and the time left of the run. Steps only leave their numbers here; drawing is a timer's work.
/// </summary>
internal sealed class BarDisplay(IAnsiConsole console, int firstEpoch, int epochs) : IDisplay
{
    private const long RefreshMilliseconds = 100;

    private readonly LiveNumbers _numbers = new(firstEpoch, epochs);
    private ProgressTask? _task;
    private long _shown;

    public void During(Action work) => console.Progress().AutoClear(true).HideCompleted(false)
        .Columns(new ProgressBarColumn(), new NumbersColumn(_numbers))
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

    public void Line(string line) => console.WriteLine(line);

    public void Result(string line) => console.WriteLine(line);
}
