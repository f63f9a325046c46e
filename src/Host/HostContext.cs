using Spectre.Console;

namespace ReSTE.Native.Host;

/// <summary>The world around a verb.</summary>
/// <param name="Out">Where results and progress go.</param>
/// <param name="Error">Where complaints go.</param>
/// <param name="Terminal">The terminal behind Out that can redraw a bar; null where there is none.</param>
/// <param name="Engine">What computes.</param>
/// <param name="Interruption">How a signal reaches the run.</param>
/// <param name="Arguments">The command line as typed, to say how to resume.</param>
/// <param name="Program">The word that starts this program in a shell; null where no single word does.</param>
internal sealed record HostContext(TextWriter Out, TextWriter Error, IAnsiConsole? Terminal, IEngine Engine, Interruption Interruption,
    IReadOnlyList<string> Arguments, string? Program = ResumeCommand.Program)
{
    /// <summary>Tells the user what was not asked for but should be known, in every progress mode.</summary>
    public void Notify(IEnumerable<string> notices)
    {
        foreach (var notice in notices)
            Error.WriteLine(notice);
    }
}
