using System.Diagnostics;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The latest numbers of a run, written by its steps and read by whoever draws them. Beside a bar they fit 80 columns.</summary>
internal sealed class LiveNumbers(int epochs)
{
    /// <summary>Steps before the time left is worth showing: the first ones are slower than those to come.</summary>
    private const int StepsToJudge = 5;

    private readonly Lock _gate = new();
    private StepReport _last;
    private double _imagesPerSecond;
    private int _steps;
    private long _start;
    private double _startPosition;

    public void Set(in StepReport report, double imagesPerSecond)
    {
        lock (_gate)
        {
            (_last, _imagesPerSecond) = (report, imagesPerSecond);
            if (_steps++ == 0)
                (_start, _startPosition) = (Stopwatch.GetTimestamp(), Position(report));
        }
    }

    public string Text()
    {
        lock (_gate)
        {
            if (_steps == 0)
                return "starting";
            var phase = _last.Phase == Phase.Training ? "train" : "test";
            // The test that follows the last epoch is none of its own.
            var epoch = Math.Min(_last.Epoch + 1, epochs);
            return $"{Numbers.Text(epoch)}/{Numbers.Text(epochs)} {phase}  {Numbers.Fixed(_imagesPerSecond, 0)} img/s  " +
                $"loss {Numbers.Fixed(_last.Average.Loss, 2)}  top-1 {Numbers.Fixed(_last.Average.Top1, 1)} %{Left()}";
        }
    }

    /// <summary>Epochs done, with the share of the one under way; evaluating counts as the end of its epoch.</summary>
    private static double Position(in StepReport report) =>
        report.Epoch + (report.Phase == Phase.Training ? report.Images / (double)report.TotalImages : 1);

    private string Left()
    {
        var position = Position(_last);
        if (_steps <= StepsToJudge || position <= _startPosition || position > epochs)
            return "";
        return $"  {Duration.Text(Stopwatch.GetElapsedTime(_start) * ((epochs - position) / (position - _startPosition)))} left";
    }
}
