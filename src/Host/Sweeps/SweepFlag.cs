using System.Text.RegularExpressions;

namespace ReSTE.Native.Host;

/// <summary>A flag of a sweep with the values it was given.</summary>
/// <param name="Name">Its long name.</param>
/// <param name="Values">The values in the order given; none for a switch.</param>
/// <param name="IsList">Whether they are values to try in turn, as opposed to one value or one that is repeated.</param>
internal sealed partial record SweepFlag(string Name, IReadOnlyList<string> Values, bool IsList)
{
    /// <summary>More values in one flag are taken for a slip.</summary>
    private const int Most = 10_000;

    /// <summary>Whether the flag makes a dimension of the grid.</summary>
    public bool Varies => IsList && Values.Count > 1;

    /// <summary>The estimator's argument that the values are of; null for a flag that has values itself.</summary>
    public string? Argument { get; init; }

    /// <summary>The name in cells and tables: without dashes.</summary>
    public string Word { get; init; } = Name.TrimStart('-');

    /// <summary>The name as messages and sweep.txt have it; every argument has its own.</summary>
    public string Key => Argument is null ? Name : $"{Name} {Argument}";

    /// <summary>As sweep.txt has it.</summary>
    public string Line => Values.Count == 0 ? Name : $"{Key}{(Argument is null ? ' ' : '=')}{string.Join(IsList ? "," : " ", Values)}";

    /// <summary>As a command line of one run has it.</summary>
    public IEnumerable<string> Tokens => Values.Count == 0 ? [Name] : Values.Select(Token);

    /// <summary>The same with one of the values.</summary>
    public string Token(string value) => Argument is null ? $"{Name}={value}" : $"{Name}={Argument}={value}";

    /// <summary>A comma-separated list, where a..b stands for all whole numbers of a range.</summary>
    /// <param name="name">The flag.</param>
    /// <param name="text">What it was given.</param>
    /// <param name="isInteger">Whether it takes whole numbers, and so ranges.</param>
    public static SweepFlag List(string name, string text, bool isInteger)
    {
        var values = new List<string>();
        foreach (var part in text.Split(','))
        {
            if (part.Length == 0)
                throw HostException.Misuse($"{name}: '{text}' has an empty value", "separate values by single commas");
            if (isInteger && Range().Match(part) is { Success: true } range)
                values.AddRange(Expand(name, part, range));
            else
                values.Add(part);
        }
        if (values.GroupBy(value => value).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw HostException.Misuse($"{name}: {twice.Key} is given twice", "name each value once");
        return new(name, values, IsList: true);
    }

    private static IEnumerable<string> Expand(string name, string part, Match range)
    {
        if (!long.TryParse(range.Groups[1].Value, out var first) || !long.TryParse(range.Groups[2].Value, out var last))
            throw HostException.Misuse($"{name}: '{part}' is no range of whole numbers");
        if (first > last)
            throw HostException.Misuse($"{name}: the range '{part}' runs backwards", $"give {last}..{first}");
        if ((decimal)last - first >= Most)
            throw HostException.Misuse($"{name}: the range '{part}' has too many values", $"{Numbers.Text(Most)} are the most");
        for (var value = first; value <= last; value++)
            yield return Numbers.Text(value);
    }

    [GeneratedRegex(@"^(-?\d+)\.\.(-?\d+)$")]
    private static partial Regex Range();
}

/// <summary>One of the values of a flag that varies.</summary>
internal readonly record struct SweepValue(SweepFlag Flag, string Value)
{
    /// <summary>As names and tables have it.</summary>
    public KeyValuePair<string, string> Pair => new(Flag.Word, Value);
}
