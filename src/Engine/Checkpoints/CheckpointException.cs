using ReSTE.Native.Messages;

namespace ReSTE.Native.Checkpoints;

/// <summary>What is the matter with a checkpoint.</summary>
public enum CheckpointFault
{
    /// <summary>There is no such file.</summary>
    Missing,

    /// <summary>The file is there but cannot be read.</summary>
    Unreadable,

    /// <summary>The file is of another kind, or of another program.</summary>
    NotACheckpoint,

    /// <summary>The file has a format that only a newer version reads.</summary>
    NewerFormat,

    /// <summary>The file is not as it was written: changed, cut short or damaged.</summary>
    Damaged,

    /// <summary>The file is whole but lacks a tensor or a string that was asked for.</summary>
    Incomplete,

    /// <summary>A tensor has an element type or values that cannot be read as asked.</summary>
    WrongType,

    /// <summary>The weights are those of another network; <see cref="CheckpointException.Settings"/> says which, if it is known.</summary>
    OtherNetwork,

    /// <summary>The weights were trained on a data set of another name; <see cref="CheckpointException.Settings"/> says which.</summary>
    OtherDataset,

    /// <summary>A run cannot be resumed with another recipe; <see cref="CheckpointException.Settings"/> lists what differs.</summary>
    OtherSettings,

    /// <summary>A run cannot be resumed on other images or labels than it was trained on.</summary>
    OtherData,

    /// <summary>The file holds weights and statistics, which can be used, but nothing that a run could be resumed from.</summary>
    WeightsOnly,

    /// <summary>The file names code that no checkpoint of weights needs; it is not run, and the file is not read.</summary>
    Forbidden,
}

/// <summary>A setting that a checkpoint was saved with and one that was asked for.</summary>
/// <param name="Name">The property of <see cref="Training.Recipe"/>.</param>
/// <param name="Saved">Its value in the checkpoint, as text of no culture.</param>
/// <param name="Asked">Its value in the recipe that does not fit.</param>
public readonly record struct SettingDifference(string Name, string Saved, string Asked);

/// <summary>A checkpoint is missing, damaged or not what it claims to be. The message is one line: file, what, and where.</summary>
/// <param name="kind">What is the matter.</param>
/// <param name="file">The file, as the user named it.</param>
/// <param name="what">What is wrong and where; without the file's name and without a final stop.</param>
/// <param name="inner">The failure that led to it, if any.</param>
public sealed class CheckpointException(CheckpointFault kind, string file, string what, Exception? inner = null)
    : Exception(OneLine.Of($"{file}: {what}"), inner)
{
    private const int QuotedLength = 80;

    /// <summary>What is the matter, for programs that decide or word something by it.</summary>
    public CheckpointFault Kind { get; } = kind;

    /// <summary>The file, as the user named it.</summary>
    public string File { get; } = file;

    /// <summary>The settings that differ, in the order of the recipe; empty where the fault is of another kind.</summary>
    public IReadOnlyList<SettingDifference> Settings { get; init; } = [];

    /// <summary>A name out of an untrusted file, quoted and cut to a readable length.</summary>
    internal static string Quote(string name) => name.Length <= QuotedLength ? $"'{name}'" : $"'{name[..QuotedLength]}...'";
}
