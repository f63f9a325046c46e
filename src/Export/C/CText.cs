using System.Globalization;
using System.Text;

namespace ReSTE.Native.Export.C;

/// <summary>Lines of C that are as long as they may be and no longer.</summary>
internal static class CText
{
    private const int Width = 140;

    /// <summary>Breaks long lines at spaces; those of the preprocessor go on after a backslash.</summary>
    public static string Wrapped(string text)
    {
        var wrapped = new StringBuilder(text.Length + text.Length / 16);
        foreach (string line in text.Split('\n'))
        {
            string rest = line, end = line.StartsWith('#') ? " \\" : "", begin = line.StartsWith(" *") ? " * " : "        ";
            while (rest.Length > Width && rest.LastIndexOf(' ', Width - end.Length) is var at && at > 8)
            {
                wrapped.Append(rest, 0, at).Append(end).Append('\n');
                rest = begin + rest[(at + 1)..];
            }

            wrapped.Append(rest).Append('\n');
        }

        return wrapped.Remove(wrapped.Length - 1, 1).ToString();
    }

    /// <summary>Numbers, some a line.</summary>
    public static string List(IEnumerable<string> numbers)
    {
        var list = new StringBuilder();
        int column = 0;
        foreach (string number in numbers)
        {
            if (column > 0 && column + number.Length + 1 > Width)
            {
                list.Append('\n');
                column = 0;
            }

            list.Append(number).Append(',');
            column += number.Length + 1;
        }

        return list.Remove(list.Length - 1, 1).ToString();
    }

    /// <summary>A float in hexadecimal, which no compiler rounds.</summary>
    public static string Exact(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value), exponent = (bits >> 23 & 0xff) - 127, fraction = bits & 0x7fffff;
        string sign = bits < 0 ? "-" : "";
        if (exponent == -127 && fraction == 0)
            return sign.Length == 0 ? "0" : "-0.0f";
        string one = exponent == -127 ? "0" : "1", digits = (fraction << 1).ToString("x6", CultureInfo.InvariantCulture).TrimEnd('0');
        string power = Math.Max(exponent, -126).ToString(CultureInfo.InvariantCulture);
        return $"{sign}0x{one}{(digits.Length > 0 ? "." : "")}{digits}p{power}f";
    }
}
