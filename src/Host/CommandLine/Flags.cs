using System.CommandLine;

namespace ReSTE.Native.Host;

/// <summary>Short ways to declare the kinds of flags there are.</summary>
internal static class Flags
{
    public static Flag<string?> Text(
        FlagOrigin origin, string name, string valueName, string? fallback, string help, params string[] aliases) =>
        new(name, origin, valueName, fallback, fallback is null or "" ? "none" : fallback, help, values => values[^1], aliases);

    /// <summary>The path of a file or folder, which cannot be empty.</summary>
    public static Flag<string?> Location(
        FlagOrigin origin, string name, string valueName, string? fallback, string help, string? alias = null,
        string? defaultText = null) =>
        new(name, origin, valueName, fallback, defaultText ?? fallback ?? "none", help,
            Last(value => value.Length > 0 ? value : throw new FormatException("must not be empty")), alias is null ? [] : [alias]);

    public static Flag<bool> Switch(FlagOrigin origin, string name, string help, params string[] aliases) =>
        new(name, origin, null, false, "off", help, _ => true, aliases);

    public static Flag<int> Integer(FlagOrigin origin, string name, int fallback, int least, string help, params string[] aliases) =>
        new(name, origin, "N", fallback, Numbers.Text(fallback), help, Last(value => Numbers.Integer(value, least, int.MaxValue)), aliases);

    public static Flag<double> Real(FlagOrigin origin, string name, double fallback, RealRange range, string help) =>
        new(name, origin, "X", fallback, Numbers.Text(fallback), help, Last(value => Numbers.Real(value, range)));

    public static Flag<T> Choice<T>(FlagOrigin origin, string name, string valueName, T fallback, string defaultText, string help,
        Func<string, T> read, params string[] aliases) =>
        new(name, origin, valueName, fallback, defaultText, help, Last(read), aliases);

    public static void AddTo(this IEnumerable<IFlag> flags, Command command)
    {
        foreach (var flag in flags)
            command.Add((Option)flag);
    }

    private static Func<IReadOnlyList<string>, T> Last<T>(Func<string, T> read) => values =>
    {
        var last = default(T)!;
        foreach (var value in values)
            last = read(value);
        return last;
    };
}
