namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>
/// Keeps what is written, and acts when a line begins with some words, or after so many lines that none will: a run must end somehow.
/// </summary>
internal sealed class WatchedOutput(string words, Action act) : StringWriter
{
    private const int Patience = 100;

    private int _lines;

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        if (value?.StartsWith(words, StringComparison.Ordinal) == true || ++_lines == Patience)
            act();
    }
}
