using ReSTE.Native.Messages;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// What is looked at before the first cell runs: whether every cell can train on its data, and how many find memory side by side.
/// </summary>
internal sealed class SweepCheck(Sweep sweep, IEngine engine, HostContext context)
{
    private readonly HashSet<object> _kinds = [];
    private long _largest;

    /// <summary>The sweep with no more cells side by side than fit; nothing is trained. Each data set is opened once.</summary>
    public Sweep Run()
    {
        foreach (var group in sweep.Cells.GroupBy(cell => (cell.Recipe.Dataset, cell.Recipe.LimitTrain, cell.Recipe.LimitTest)))
        {
            var one = group.First();
            var path = one.Settings.Options.DataPath;
            var whole = engine.Open(one.Recipe, path, sweep.Device);
            foreach (var cell in group)
            {
                context.Interruption.Token.ThrowIfCancellationRequested();
                var data = ValidationSplit.Of(cell.Recipe, whole);
                var recipe = BatchRule.FitTraining(cell.Settings, data);
                if (_kinds.Add(Kind(recipe)))
                    _largest = Math.Max(_largest, SweepCell.Named(cell.Name, () => engine.Reckon(recipe, path, data)));
            }
        }
        return Fitting();
    }

    /// <summary>Cells that are alike in this take the same memory, and can all be trained or none.</summary>
    private static object Kind(Recipe recipe) => (recipe.Model, recipe.Dataset, recipe.Estimator, recipe.Optimiser,
        string.Join(' ', ArgumentPairs.Of(recipe)), recipe.BatchSize, recipe.BatchSizeTest, recipe.RealActivations, recipe.Indicators,
        recipe.LimitTrain, recipe.LimitTest, recipe.ValidationSplit, recipe.Momentum, (recipe.Epochs, recipe.StartEpoch, recipe.WarmUp));

    // Every cell is taken for the largest: which of them run together is not known.
    private Sweep Fitting()
    {
        if (sweep.Jobs == 1 || engine.Memory is not { } memory || _largest == 0)
            return sweep;
        var fitting = (int)Math.Clamp(memory.Free / _largest, 1, sweep.Jobs);
        return fitting == sweep.Jobs ? sweep : sweep with
        {
            Jobs = fitting,
            Notices =
            [
                .. sweep.Notices,
                $"there is memory for {Numbers.Text(fitting)} of {Plural.Of(sweep.Jobs, "cell")} at a time: one takes " +
                    $"{ByteSize.Text(_largest)}, and {memory} are free",
            ],
        };
    }
}
