using System.Globalization;

namespace ReSTE.Native.Host;

/// <summary>Numbers on the command line and in files: one form everywhere, whatever the locale says.</summary>
internal static class Numbers
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public static int Integer(string text, int least, int most)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out var value))
            throw new FormatException($"'{text}' is not a whole number");
        if (value < least)
            throw new FormatException($"{text} is too small, it must be at least {Text(least)}");
        if (value > most)
            throw new FormatException($"{text} is too large, it must be at most {Text(most)}");
        return (int)value;
    }

    public static double Real(string text, RealRange range)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(text, Style, Invariant, out var value))
            throw new FormatException($"'{text}' is not a number");
        if (!double.IsFinite(value))
            throw new FormatException($"{text} is not a finite number");
        return range.Holds(value) ? value : throw new FormatException($"{text} is out of range, it {range.Words}");
    }

    /// <summary>Any whole number of 64 bits, signed or not: -1 is the seed with all bits set.</summary>
    public static ulong Seed(string text)
    {
        if (ulong.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out var seed))
            return seed;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, Invariant, out var negative))
            return unchecked((ulong)negative);
        throw new FormatException($"'{text}' is not a whole number of 64 bits");
    }

    /// <summary>The shortest text that reads back as the same value.</summary>
    public static string Text(double value) => value.ToString("R", Invariant);

    /// <summary>The same as Python writes it, for lines of the published trainer: 1.0 and 1e-05 where others have 1 and 1E-05.</summary>
    public static string Python(double value)
    {
        var text = Text(value).Replace("E", "e", StringComparison.Ordinal);
        return text.All(char.IsAsciiDigit) ? text + ".0" : text;
    }

    public static string Text(long value) => value.ToString(Invariant);

    /// <summary>With its thousands set apart, for people.</summary>
    public static string Grouped(long value) => value.ToString("N0", Invariant);

    /// <summary>Four digits, for people.</summary>
    public static string Short(double value) => value.ToString("G4", Invariant);

    /// <summary>With a fixed number of decimals.</summary>
    public static string Fixed(double value, int decimals) => value.ToString("F" + Text(decimals), Invariant);
}
