namespace ReSTE.Native.Data;

/// <summary>Foreign text made fit for a message: control characters become '?', and it is cut at 200 characters.</summary>
internal static class OneLine
{
    private const int Longest = 200;

    public static string Of(string text) =>
        string.Create(Math.Min(text.Length, Longest), text, static (line, source) =>
        {
            for (int i = 0; i < line.Length; i++)
                line[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? '?' : source[i];
        });
}
