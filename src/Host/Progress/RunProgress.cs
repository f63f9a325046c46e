using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// Takes a run's steps to the display and writes a line to the log and the records once every few of them. Other steps allocate nothing.
/// </summary>
internal sealed class RunProgress(IDisplay display, RunLog? log, int printFrequency, RunRecords? records = null) : IProgress<StepReport>
{
    private PassMeter _meter;

    /// <summary>Training speed of the last pass over training images.</summary>
    public double TrainingImagesPerSecond { get; private set; }

    public void Report(StepReport value)
    {
        _meter.Add(value);
        if (value.Phase == Phase.Training)
            TrainingImagesPerSecond = _meter.ImagesPerSecond;
        display.Step(value, _meter.ImagesPerSecond);
        if (value.Step % printFrequency != 0)
            return;
        var line = LogLines.Step(value, _meter);
        log?.Info(line);
        records?.Add(value, _meter.ImagesPerSecond);
        display.StepLine(line);
    }
}
