using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>Time and images of the pass under way, as far as this process saw it.</summary>
internal struct PassMeter
{
    private (Phase Phase, int Epoch)? _pass;
    private int _imagesBefore;
    private int _steps;
    private int _images;
    private double _seconds, _dataSeconds;

    public readonly double SecondsPerStep => _steps == 0 ? 0 : _seconds / _steps;

    public readonly double DataSecondsPerStep => _steps == 0 ? 0 : _dataSeconds / _steps;

    public readonly double ImagesPerSecond => _seconds <= 0 ? 0 : _images / _seconds;

    public void Add(in StepReport report)
    {
        if (_pass != (report.Phase, report.Epoch))
        {
            this = default;
            _pass = (report.Phase, report.Epoch);
            // A pass taken up in the middle began with equal steps.
            _imagesBefore = (int)((long)report.Images * report.Step / (report.Step + 1));
        }
        _steps++;
        _images += report.Images - _imagesBefore;
        _imagesBefore = report.Images;
        _seconds += report.StepSeconds;
        _dataSeconds += report.DataSeconds;
    }
}
