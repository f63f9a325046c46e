using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Training;

/// <summary>Where weights were taken from.</summary>
/// <param name="Form">How the file holds them.</param>
public sealed record WeightsSource(CheckpointForm Form)
{
    /// <summary>What they were trained by; null where another program saved them.</summary>
    public Recipe? Recipe { get; init; }

    /// <summary>The network, where the file names it.</summary>
    public string? Model { get; init; }

    /// <summary>Epochs they were trained for, where the file says so.</summary>
    public int? Epoch { get; init; }

    /// <summary>Highest top-1 of that training, in percent, where the file says so.</summary>
    public double? BestTop1 { get; init; }

    /// <summary>Whether they were trained or tested on the data at hand; unknown where another program saved them.</summary>
    public DataMatch Data { get; init; } = DataMatch.Unknown;

    /// <summary>What another program's file says of itself.</summary>
    internal static WeightsSource Of(StateDictionary file) =>
        new(file.Form) { Model = file.Model, Epoch = file.Epoch, BestTop1 = ForeignCheckpoint.BestTop1(file) };
}
