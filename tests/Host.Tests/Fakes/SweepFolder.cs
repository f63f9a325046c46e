namespace ReSTE.Native.Host.Tests;

/// <summary>The folder of a sweep that a fake engine runs, and what lies in it.</summary>
internal sealed class SweepFolder : IDisposable
{
    /// <summary>Two estimators, one of them at two ends of its exponent, and two seeds: six cells.</summary>
    public static readonly string[] Grid = ["--estimator", "ReSTE,STE", "--o_end", "1,3", "--seed", "1..2"];

    private readonly TemporaryFolder _folder = new();

    public string Dir => _folder["sweep"];

    public void Dispose() => _folder.Dispose();

    /// <summary>Sweeps over two epochs, unless --epochs is given.</summary>
    public CommandRun Run(params string[] arguments) => Run(new FakeEngine(), null, arguments);

    public CommandRun Run(FakeEngine engine, Interruption? interruption, string[] arguments) =>
        CommandRun.Of(engine, interruption, ["sweep", "--device", "cpu", "--results_dir", Dir,
            .. arguments.Contains("--epochs") ? [] : (string[])["--epochs", "2"], .. arguments]);

    /// <summary>The rows of the table, its head first.</summary>
    public string[] Csv() => File.ReadAllLines(Path.Combine(Dir, "sweep.csv"));

    /// <summary>The cells' names.</summary>
    public string[] Cells() => [.. Directory.GetDirectories(Dir).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>The settings of a cell.</summary>
    public string Argument(string cell) => File.ReadAllText(Path.Combine(Dir, cell, "argument.txt"));
}
