using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>Reads and writes name=value pairs, the values numbers or words; the last of a repeated name counts.</summary>
internal static class ArgumentPairs
{
    public static IReadOnlyDictionary<string, EstimatorArgument> Read(IReadOnlyList<string> pairs)
    {
        var read = new SortedDictionary<string, EstimatorArgument>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var (name, value) = Split(pair);
            read[name] = Value(value);
        }
        return read;
    }

    /// <summary>A pair as text; throws <see cref="FormatException"/> where it is none.</summary>
    public static (string Name, string Value) Split(string pair)
    {
        var cut = pair.IndexOf('=', StringComparison.Ordinal);
        return cut < 1 ? throw new FormatException($"'{pair}' is not of the form name=value") : (pair[..cut], pair[(cut + 1)..]);
    }

    /// <summary>The pairs of a recipe as they are given, in the estimator's order.</summary>
    public static IEnumerable<string> Of(Recipe recipe) => recipe.EstimatorArguments.Select(pair => $"{pair.Key}={pair.Value}");

    // "nan" and "inf" are numbers that no estimator takes, not words.
    private static EstimatorArgument Value(string text) => IsWord(text) && !double.TryParse(text, out _)
        ? text
        : Numbers.Real(text, RealRange.Any);

    private static bool IsWord(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
