using Spectre.Console;

namespace ReSTE.Native.Host;

/// <summary>Finds out whether stdout is a terminal that can redraw a line. NO_COLOR is respected by the console itself.</summary>
internal static class Terminals
{
    public static IAnsiConsole? Interactive()
    {
        if (Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb")
            return null;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        return console.Profile.Capabilities.Ansi ? console : null;
    }
}
