using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The numbers of a run as files: metrics.csv, metrics.jsonl, layers.jsonl and, where asked for, TensorBoard's.</summary>
internal sealed class RunRecords
{
    private readonly MetricsFile _epochs;
    private readonly StepRecords _lines;
    private readonly LayerFile _layers;
    private readonly EventFile? _events;

    /// <param name="folder">Where they lie.</param>
    /// <param name="options">A run that has written events goes on writing them.</param>
    public RunRecords(RunFolder folder, RunOptions options)
    {
        (_epochs, _lines, _layers) = (new(folder.Metrics), new(folder.Records), new(folder.Layers));
        _events = options.TensorBoard || File.Exists(folder.Events) ? new(folder.Events) : null;
    }

    public IReadOnlyList<EpochReport> Epochs => _epochs.Rows();

    public void Create()
    {
        _epochs.Create();
        _lines.Create();
        _layers.Create();
        _events?.Write([]);
    }

    /// <summary>Drops what a run that goes on with a step of an epoch writes again.</summary>
    public void CutBack(int epoch, int step)
    {
        _epochs.CutBack(epoch);
        _layers.CutBack(epoch);
        var left = _lines.CutBack(epoch, step);
        _events?.Write(left);
    }

    public void Add(in StepReport report, double imagesPerSecond) => Add(MetricsLine.Of(report, imagesPerSecond, DateTime.Now));

    public void Add(EpochReport report)
    {
        _epochs.Append(report);
        Add(MetricsLine.Of(report, DateTime.Now));
    }

    private void Add(MetricsLine line)
    {
        _lines.Append(line);
        _events?.Append(line);
    }
}
