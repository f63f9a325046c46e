using Spectre.Console;

namespace ReSTE.Native.Host;

/// <summary>A table for a reader, in plain characters, whatever the output is.</summary>
internal static class ConsoleTable
{
    /// <summary>Writes it.</summary>
    /// <param name="output">Where.</param>
    /// <param name="width">Columns of characters at most.</param>
    /// <param name="columns">Titles, and whether cells may be broken into lines.</param>
    /// <param name="rows">A cell a column.</param>
    public static void Write(TextWriter output, int width, IEnumerable<(string Title, bool Wraps)> columns,
        IEnumerable<IEnumerable<string>> rows)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        var table = new Table { Border = TableBorder.Minimal };
        foreach (var (title, wraps) in columns)
            table.AddColumn(new TableColumn(new Text(title)) { NoWrap = !wraps });
        foreach (var row in rows)
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        console.Write(table);
    }
}
