using System.Text.Json;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The flags by which the command knows a recipe's settings.</summary>
internal static class SettingFlags
{
    private static readonly Dictionary<string, string> s_others = new()
    {
        [nameof(Recipe.LearningRate)] = "--lr",
        [nameof(Recipe.OEnd)] = "--o_end",
        [nameof(Recipe.RealActivations)] = "--a32",
        [nameof(Recipe.Indicators)] = "--cal_ind",
        [nameof(Recipe.ValidationSplit)] = "--val_split",
        [nameof(Recipe.Normalisation)] = "--normalise",
        [nameof(Recipe.EstimatorArguments)] = "--estimator_arg",
    };

    /// <summary>The flag of a property of <see cref="Recipe"/>; most are its name in snake case.</summary>
    public static string Of(string setting) =>
        s_others.GetValueOrDefault(setting) ?? "--" + JsonNamingPolicy.SnakeCaseLower.ConvertName(setting);

    /// <summary>The flag as it is given, with its value; a switch has none, and may be missing.</summary>
    public static string Given(string setting, string value) => bool.TryParse(value, out var given)
        ? (given ? "" : "without ") + Of(setting)
        : $"{Of(setting)} {value}";
}
