using ReSTE.Native.Checkpoints;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The command's words for a checkpoint that cannot be used: settings go by their flags, and a hint says what to do.</summary>
internal static class CheckpointTrouble
{
    /// <summary>The error for a user; what no flag has to do with is as the engine says it.</summary>
    public static HostException Explain(CheckpointException problem) => new(ExitCode.Checkpoint, Message(problem), Hint(problem), problem);

    private static string Message(CheckpointException problem) => problem.Kind == CheckpointFault.OtherSettings
        ? $"{problem.File}: was saved with other settings: " +
            string.Join("; ", problem.Settings.Select(s => $"{SettingFlags.Of(s.Name)} was {s.Saved}, is {s.Asked}"))
        : problem.Message;

    private static string? Hint(CheckpointException problem) => problem.Kind switch
    {
        CheckpointFault.OtherSettings => "repeat the saved settings, or leave out --resume to start anew",
        CheckpointFault.WeightsOnly =>
            "a run goes on from the checkpoint.safetensors it left; such a file can be evaluated, and --init starts a new run from it",
        CheckpointFault.OtherData => "name the data it was trained on with --data_path, or leave out --resume to start anew",
        CheckpointFault.Forbidden => "if it is trusted, load it with PyTorch and save its state_dict() alone",
        CheckpointFault.OtherNetwork when problem.Settings.Count == 0 => $"reste convert '{problem.File}' --list shows what it holds",
        _ => problem.Settings.Count > 0 ? string.Join(", ", problem.Settings.Select(Advice)) : null,
    };

    private static string Advice(SettingDifference setting) => setting.Name == nameof(Recipe.RealActivations)
        ? (setting.Saved == bool.TrueString ? "give --a32" : "leave out --a32")
        : $"give {SettingFlags.Of(setting.Name)} {setting.Saved}";
}
