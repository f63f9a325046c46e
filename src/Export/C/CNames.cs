using System.Text;

namespace ReSTE.Native.Export.C;

/// <summary>Names and texts as C takes them.</summary>
internal static class CNames
{
    private const int Most = 40;

    /// <summary>What all names of a header begin with: the network's name in letters, digits and underscores.</summary>
    public static string Prefix(string network)
    {
        string name = string.Concat(network.Take(Most).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return name.Length > 0 && char.IsAsciiLetter(name[0]) ? name : "n" + name;
    }

    /// <summary>A text between quotes.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            bool isPlain = b is >= 32 and < 127 && !"\"\\?".Contains((char)b);
            quoted.Append(isPlain ? ((char)b).ToString() : "\\" + Convert.ToString(b, 8).PadLeft(3, '0'));
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A text within a comment.</summary>
    public static string Plain(string text) => string.Concat(text.Select(c => c is >= ' ' and < (char)127 && c != '*' ? c : '_'));
}
