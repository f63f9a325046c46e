namespace ReSTE.Native.Messages;

/// <summary>Foreign text made fit for a message of one line: names out of damaged files hold line breaks and terminal escapes.</summary>
internal static class OneLine
{
    /// <summary>The text with control characters replaced by '?', cut to <paramref name="longest"/> characters.</summary>
    public static string Of(string text, int longest = int.MaxValue) =>
        string.Create(Math.Min(text.Length, longest), text, static (line, source) =>
        {
            for (int i = 0; i < line.Length; i++)
                line[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? '?' : source[i];
        });
}
