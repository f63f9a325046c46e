using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

internal enum RunState
{
    /// <summary>It goes on.</summary>
    Running,

    /// <summary>It was interrupted, or has failed.</summary>
    Stopped,

    /// <summary>Every epoch is done.</summary>
    Done,
}

/// <summary>All that a report shows of a run, as its folder has it.</summary>
/// <param name="Folder">The folder as it was named.</param>
/// <param name="Arguments">Settings, device and environment.</param>
/// <param name="Epochs">The rows of metrics.csv.</param>
internal sealed record RunData(string Folder, RunArguments Arguments, IReadOnlyList<EpochReport> Epochs)
{
    /// <summary>The lines of layers.jsonl.</summary>
    public IReadOnlyList<LayerLine> Layers { get; init; } = [];

    /// <summary>Training images a second of each epoch, by the last step that metrics.jsonl has of it.</summary>
    public IReadOnlyList<(int Epoch, double Value)> Speeds { get; init; } = [];

    /// <summary>What is trained, and on what, in the log's words; empty where the log does not say.</summary>
    public string Headline { get; init; } = "";

    /// <summary>What the log says of the test that follows the last epoch.</summary>
    public IReadOnlyList<string> Tests { get; init; } = [];

    public RunState State { get; init; }

    /// <summary>The name of its folder.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)));

    public EpochReport? Last => Epochs.Count > 0 ? Epochs[^1] : null;

    /// <summary>The first epoch of the highest top-1.</summary>
    public EpochReport? Best => Epochs.MaxBy(epoch => epoch.Validation.Top1);

    /// <summary>Whether the rows go to the last epoch that the settings name.</summary>
    public bool IsWhole => Last is { } last && Arguments.Epochs is { } epochs && last.Epoch >= epochs - 1;

    /// <summary>Tells one run from another: the time it began at, to the microsecond, and what it trains.</summary>
    public string Key => $"{Arguments.Began} {Arguments["model"]} {Arguments["dataset"]} {Arguments["seed"]}".Trim();
}
