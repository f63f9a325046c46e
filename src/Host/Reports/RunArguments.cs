using System.Text.RegularExpressions;

namespace ReSTE.Native.Host;

/// <summary>What a run's argument.txt says: when it began, and its settings.</summary>
/// <param name="Began">Its first line; empty where it has none, or there is no file.</param>
/// <param name="Settings">Name and value, in the file's order.</param>
internal sealed partial record RunArguments(string Began, IReadOnlyList<KeyValuePair<string, string>> Settings)
{
    /// <summary>A setting's value; empty where it is not there.</summary>
    public string this[string name] => Settings.FirstOrDefault(setting => setting.Key == name).Value ?? "";

    /// <summary>Epochs that the run is to have; null where nothing says so.</summary>
    public int? Epochs => int.TryParse(this["epochs"], out var epochs) && epochs > 0 ? epochs : null;

    /// <summary>Whether epochs are judged by images that were held out of training.</summary>
    public bool HoldsOut => this["val_split"] is not ("" or "0");

    /// <summary>Those of a file's lines; what is no setting is left out.</summary>
    public static RunArguments Of(IReadOnlyList<string> lines) => new(lines.Count > 0 && Date().IsMatch(lines[0]) ? lines[0] : "",
        [.. lines.Select(line => Setting().Match(line)).Where(match => match.Success)
            .Select(match => KeyValuePair.Create(match.Groups[1].Value, match.Groups[2].Value.Trim()))]);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")]
    private static partial Regex Date();

    [GeneratedRegex(@"^([a-z0-9_]+):  (.*)$")]
    private static partial Regex Setting();
}
