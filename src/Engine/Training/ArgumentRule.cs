using ReSTE.Native.Datasets;

namespace ReSTE.Native.Training;

/// <summary>An argument that an estimator takes: its name, the values that fit it, and the one it has where none is given.</summary>
/// <param name="Name">What people write before the equals sign.</param>
/// <param name="Default">The value where none is given; null where that means that the estimator does without.</param>
/// <param name="Expected">What fits, as a clause after "it must be".</param>
/// <param name="Fits">Whether a value does.</param>
internal sealed record ArgumentRule(string Name, EstimatorArgument? Default, string Expected, Func<EstimatorArgument, bool> Fits)
{
    /// <summary>The value where none is given, for recipes that have another than <see cref="Default"/>; null for all others.</summary>
    public Func<Recipe, EstimatorArgument?> DefaultFor { get; init; } = _ => null;

    /// <summary>The value where none is given and no other default applies, for the images that are trained on; null for none.</summary>
    public Func<Recipe, Dataset, double>? DefaultOnData { get; init; }

    /// <summary>A finite number above 0.</summary>
    public static ArgumentRule Positive(string name, double? otherwise) =>
        Real(name, otherwise, "a positive number", value => value > 0);

    /// <summary>A finite number from 0 up.</summary>
    public static ArgumentRule NotNegative(string name, double? otherwise) =>
        Real(name, otherwise, "a number from 0 up", value => value >= 0);

    /// <summary>A number from 1 up.</summary>
    public static ArgumentRule AtLeastOne(string name, double? otherwise) =>
        Real(name, otherwise, "a number from 1 up", value => value >= 1);

    /// <summary>A number between 0 and 1, neither of them.</summary>
    public static ArgumentRule Fraction(string name, double? otherwise) =>
        Real(name, otherwise, "a number between 0 and 1", value => value is > 0 and < 1);

    /// <summary>A number above 0, up to another.</summary>
    public static ArgumentRule UpTo(string name, double otherwise, double most) => Real(name, otherwise,
        FormattableString.Invariant($"a number above 0, at most {most}"), value => value > 0 && value <= most);

    /// <summary>A whole number in a range.</summary>
    public static ArgumentRule Whole(string name, int otherwise, int least, int most) => Real(name, otherwise,
        FormattableString.Invariant($"a whole number from {least} to {most}"),
        value => value == Math.Floor(value) && value >= least && value <= most);

    /// <summary>One of some words; the first is the default.</summary>
    public static ArgumentRule OneOf(string name, params string[] words) =>
        new(name, words[0], string.Join(" or ", words), value => value.Word is { } word && words.Contains(word));

    private static ArgumentRule Real(string name, double? otherwise, string expected, Func<double, bool> fits) => new(name,
        otherwise is { } number ? number : default(EstimatorArgument?), expected,
        value => value.Word == null && double.IsFinite(value.Number) && fits(value.Number));
}

/// <summary>The arguments of an estimator with their defaults filled in; each was checked by its rule.</summary>
internal sealed class ArgumentValues(IReadOnlyDictionary<string, EstimatorArgument> values)
{
    /// <summary>A number that has a default.</summary>
    public double Number(string name) => values[name].Number;

    /// <summary>A number that may be missing.</summary>
    public double? Optional(string name) => values.TryGetValue(name, out EstimatorArgument value) ? value.Number : null;

    /// <summary>A word.</summary>
    public string Word(string name) => values[name].Word!;
}
