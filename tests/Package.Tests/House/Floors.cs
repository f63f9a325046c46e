using System.Globalization;
using System.Text.RegularExpressions;

namespace ReSTE.Native.Package.Tests.House;

/// <summary>The floors of the engine's rooms, out of the list in docs/architecture.md.</summary>
internal static partial class Floors
{
    /// <summary>The floor of each room.</summary>
    public static IReadOnlyDictionary<string, int> Read()
    {
        string text = File.ReadAllText(Repository.At("docs", "architecture.md"));
        string list = text[text.IndexOf("## Floors", StringComparison.Ordinal)..].Split("```")[1];
        return Line().Matches(list)
            .ToDictionary(m => m.Groups["room"].Value, m => int.Parse(m.Groups["floor"].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^ *(?<floor>\d+)  (?<room>[A-Z][\w.]*) ", RegexOptions.Multiline)]
    private static partial Regex Line();
}
