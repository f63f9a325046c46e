using System.Text.RegularExpressions;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The engine's words for a checkpoint of another recipe, with the settings by their flags.</summary>
internal static partial class OtherSettings
{
    private const string Mark = ": was saved with other settings: ";

    private static readonly Dictionary<string, string> Flags = new()
    {
        [nameof(Recipe.LearningRate)] = "--lr",
        [nameof(Recipe.OEnd)] = "--o_end",
        [nameof(Recipe.RealActivations)] = "--a32",
        [nameof(Recipe.Indicators)] = "--cal_ind",
        [nameof(Recipe.EstimatorArguments)] = "--estimator_arg",
    };

    /// <summary>The message for a user; null where it says something else.</summary>
    public static string? Explain(string message)
    {
        var start = message.IndexOf(Mark, StringComparison.Ordinal);
        return start < 0
            ? null
            : message[..(start + Mark.Length)] + Setting().Replace(message[(start + Mark.Length)..], match => Flag(match.Value));
    }

    /// <summary>Most flags are the setting's name in snake case.</summary>
    private static string Flag(string setting) => Flags.TryGetValue(setting, out var flag)
        ? flag
        : "--" + string.Concat(setting.Select((letter, i) => char.IsUpper(letter) && i > 0 ? $"_{letter}" : $"{letter}")).ToLowerInvariant();

    [GeneratedRegex(@"(?<=^|; )[A-Z][A-Za-z]+(?= was )")]
    private static partial Regex Setting();
}
