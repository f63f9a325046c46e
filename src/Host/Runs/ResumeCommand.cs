namespace ReSTE.Native.Host;

/// <summary>The command line that takes an interrupted run up again, ready to paste into a shell.</summary>
internal static class ResumeCommand
{
    public static string From(IReadOnlyList<string> arguments)
    {
        var words = arguments.Contains("--resume") ? arguments : [.. arguments, "--resume"];
        return string.Join(' ', words.Select(Quoted).Prepend("reste"));
    }

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_=./:,+@".Contains(letter, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
