using System.Globalization;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// What becomes of the schedules of a run that is resumed with another number of epochs. Both depend on that number, so they jump where the
/// run goes on: with more epochs the learning rate rises again and o steps back.
/// </summary>
internal static class ScheduleNotice
{
    /// <summary>One line; none where the number is the one it was saved with.</summary>
    public static IEnumerable<string> Of(Recipe recipe, ITrainingRun run, IEngine engine)
    {
        if (run.SavedEpochs == recipe.Epochs || run.IsFinished)
            yield break;
        var before = recipe with { Epochs = run.SavedEpochs };
        var (next, last) = (run.NextEpoch, recipe.Epochs - 1);
        var from = run.NextStep > 0 ? $"the rest of epoch {Numbers.Text(next + 1)}" : $"epoch {Numbers.Text(next + 1)}";
        var trained = run.NextStep > 0 ? next : next - 1;
        var flag = SettingFlags.Of(nameof(Recipe.Epochs));
        yield return $"{flag} was {Numbers.Text(before.Epochs)}, is {Numbers.Text(recipe.Epochs)}: from {from} on, learning rate and o " +
            $"are those of a run of {Plural.Of(recipe.Epochs, "epoch")}: {Words(engine.Schedule(recipe, next))} there" +
            (trained > recipe.StartEpoch ? $" (just before: {Words(engine.Schedule(before, trained))})" : "") +
            $", {Words(engine.Schedule(recipe, last))} in the last epoch";
    }

    private static string Words((double Rate, double O) at) =>
        string.Create(CultureInfo.InvariantCulture, $"lr {at.Rate:G4} and o {at.O:F3}");
}
