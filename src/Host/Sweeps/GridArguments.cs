using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// Which arguments of estimators a cell takes: those that its own estimator has. One that no estimator of the grid has stays with all of
/// them, so that it is refused.
/// </summary>
internal sealed class GridArguments
{
    private const string Estimator = "--estimator";

    private readonly string[] _known;

    /// <param name="grid">All flags of the sweep.</param>
    public GridArguments(IEnumerable<SweepFlag> grid)
    {
        var estimators = grid.FirstOrDefault(flag => flag.Name == Estimator)?.Values ?? [new Recipe().Estimator];
        _known = [.. estimators.SelectMany(Of)];
    }

    /// <summary>Whether a flag is an argument that an estimator lacks and another of the grid has.</summary>
    public bool AreAnothers(SweepFlag flag, string estimator) =>
        flag.Argument is { } name && _known.Contains(name) && !Of(estimator).Contains(name);

    /// <summary>The command line of one run: flags that all cells share, and a cell's own values.</summary>
    public string[] Tokens(IEnumerable<SweepFlag> shared, IReadOnlyList<SweepValue> values)
    {
        var estimator = values.FirstOrDefault(value => value.Flag.Name == Estimator).Value
            ?? shared.FirstOrDefault(flag => flag.Name == Estimator)?.Values[^1] ?? new Recipe().Estimator;
        return
        [
            .. shared.Where(flag => !AreAnothers(flag, estimator)).SelectMany(flag => flag.Tokens),
            .. values.Where(value => !AreAnothers(value.Flag, estimator)).Select(value => value.Flag.Token(value.Value)),
        ];
    }

    /// <summary>Of an estimator that there is not, none; it is refused elsewhere.</summary>
    private static IReadOnlyList<string> Of(string estimator) => EstimatorCatalog.Names.Contains(estimator)
        ? EstimatorCatalog.Arguments(new() { Estimator = estimator })
        : [];
}
