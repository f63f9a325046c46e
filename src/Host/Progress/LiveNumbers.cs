using System.Diagnostics;
using System.Globalization;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The latest numbers of a run, written by its steps and read by whoever draws them.</summary>
internal sealed class LiveNumbers(int firstEpoch, int epochs)
{
    private readonly Lock _gate = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private StepReport _last;
    private double _imagesPerSecond;

    public void Set(in StepReport report, double imagesPerSecond)
    {
        lock (_gate)
            (_last, _imagesPerSecond) = (report, imagesPerSecond);
    }

    public string Text()
    {
        StepReport last;
        double speed;
        lock (_gate)
            (last, speed) = (_last, _imagesPerSecond);
        if (last.Steps == 0)
            return "starting";
        var phase = last.Phase == Phase.Training ? "training" : "evaluating";
        return $"epoch {Numbers.Text(last.Epoch + 1)}/{Numbers.Text(epochs)} {phase}  {Numbers.Fixed(speed, 0)} images/s  " +
            $"loss {Numbers.Fixed(last.Average.Loss, 4)}  top-1 {Numbers.Fixed(last.Average.Top1, 2)} %  {Left(last)} left";
    }

    /// <summary>From the share of this command's epochs that is done; evaluating counts as the end of its epoch.</summary>
    private string Left(in StepReport last)
    {
        var ofEpoch = last.Phase == Phase.Training ? last.Images / (double)last.TotalImages : 1;
        var done = (last.Epoch - firstEpoch + ofEpoch) / Math.Max(1, epochs - firstEpoch);
        if (done <= 0)
            return "?";
        return Duration(Stopwatch.GetElapsedTime(_start) * (Math.Max(0, 1 - done) / done));
    }

    private static string Duration(TimeSpan span) => span.TotalDays >= 1
        ? span.ToString(@"d\d\ hh\:mm", CultureInfo.InvariantCulture)
        : span.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);
}
