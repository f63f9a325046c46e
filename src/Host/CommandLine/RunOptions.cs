namespace ReSTE.Native.Host;

/// <summary>Everything about a run that does not decide its numbers: where its files lie, where it computes, what it shows.</summary>
internal sealed record RunOptions
{
    /// <summary>Where the data set lies; null for the built-in one.</summary>
    public string? DataPath { get; init; }

    public string ResultsDir { get; init; } = "./results";

    public string Save { get; init; } = "";

    public bool Resume { get; init; }

    /// <summary>The checkpoint to evaluate instead of training; null to train.</summary>
    public string? Evaluate { get; init; }

    /// <summary>The checkpoint whose weights training starts from; null for weights drawn by the seed.</summary>
    public string? Init { get; init; }

    /// <summary>The file that settings come from; null for none.</summary>
    public string? Config { get; init; }

    public DeviceChoice Device { get; init; } = new(DeviceKind.Cpu, 0, 1);

    /// <summary>--gpus as given, empty otherwise.</summary>
    public string Gpus { get; init; } = "";

    public int Workers { get; init; } = 8;

    /// <summary>Threads that decode images: as many as asked for, but no more than could run at once, and at least one.</summary>
    public int ReadingThreads => Math.Clamp(Workers, 1, Environment.ProcessorCount);

    /// <summary>Kept for the published command lines that carry it; it decides nothing.</summary>
    public string TensorType { get; init; } = "torch.cuda.FloatTensor";

    /// <summary>Steps from one log line to the next.</summary>
    public int PrintFrequency { get; init; } = 100;

    /// <summary>Epochs from one estimate of the finish to the next; 0 for none.</summary>
    public int TimeEstimate { get; init; } = 1;

    public ProgressMode Progress { get; init; }

    /// <summary>Whether TensorBoard's files are written.</summary>
    public bool TensorBoard { get; init; }

    public string Folder => Path.Combine(ResultsDir, Save);
}
