using Spectre.Console;

namespace ReSTE.Native.Host;

/// <summary>The world around a verb.</summary>
/// <param name="Out">Where results and progress go.</param>
/// <param name="Error">Where complaints go.</param>
/// <param name="Terminal">The terminal behind Out that can redraw a bar; null where there is none.</param>
/// <param name="Engine">What computes.</param>
/// <param name="Interruption">How a signal reaches the run.</param>
/// <param name="Arguments">The command line as typed, to say how to resume.</param>
internal sealed record HostContext(TextWriter Out, TextWriter Error, IAnsiConsole? Terminal, IEngine Engine, Interruption Interruption,
    IReadOnlyList<string> Arguments);
