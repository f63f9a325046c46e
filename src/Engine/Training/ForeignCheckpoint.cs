using ReSTE.Native.Checkpoints;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Training;

/// <summary>
/// Weights that another program saved, PyTorch above all. Such a file knows names and shapes, seldom its network, and nothing of a recipe:
/// what it does not say is the caller's to know.
/// </summary>
internal static class ForeignCheckpoint
{
    /// <summary>Takes parameters and statistics, which must be exactly the network's.</summary>
    /// <exception cref="CheckpointException">The file names another catalogued network, or does not fit.</exception>
    public static WeightsSource Load(StateDictionary file, Recipe recipe, ParameterSet parameters)
    {
        CheckModel(file, recipe);
        TrainingCheckpoint.LoadWeights(file, parameters);
        return WeightsSource.Of(file);
    }

    /// <summary>Refuses a file that names another catalogued network than the recipe.</summary>
    /// <exception cref="CheckpointException">It does.</exception>
    public static void CheckModel(StateDictionary file, Recipe recipe)
    {
        if (file.Model is { } model && model != recipe.Model && NetworkCatalog.Knows(model))
        {
            throw new CheckpointException(CheckpointFault.OtherNetwork, file.File,
                $"holds the network {CheckpointException.Quote(model)}, not {recipe.Model}")
            {
                Settings = [new(nameof(Recipe.Model), model, recipe.Model)],
            };
        }
    }

    /// <summary>Where a run stands that goes on from a file: at the start of the epoch it names, with its best result so far.</summary>
    /// <exception cref="CheckpointException">
    /// The file does not say its epoch, or has more than the recipe; or the run has images held out, which that program trained on.
    /// </exception>
    public static TrainingState State(StateDictionary file, TrainingPlan plan, ParameterSet parameters)
    {
        Recipe recipe = plan.Recipe;
        if (plan.Data.Validation != null)
        {
            throw new CheckpointException(CheckpointFault.OtherData, file.File,
                "was trained on the images that are held out now, by a program that held out none: "
                + "a run can start from its weights, not go on with it");
        }

        if (file.Epoch is not { } epoch)
        {
            throw new CheckpointException(CheckpointFault.Incomplete, file.File,
                "does not say after which epoch it was saved: a run can start from its weights, not go on with it");
        }

        if (epoch > recipe.Epochs)
        {
            throw new CheckpointException(CheckpointFault.OtherSettings, file.File,
                $"was saved after epoch {epoch}, of a run of more epochs than {recipe.Epochs}")
            {
                Settings = [new(nameof(Recipe.Epochs), $"at least {epoch}", $"{recipe.Epochs}")],
            };
        }

        return new TrainingState
        {
            Epoch = epoch,
            Steps = Steps(file, parameters),
            // Which epoch had it the file does not say.
            BestTop1 = BestTop1(file) ?? 0,
        };
    }

    /// <summary>Highest top-1, where the file names one that can be: what stands there may be anything.</summary>
    public static double? BestTop1(StateDictionary file) => file.BestTop1 is >= 0 and <= 100 ? file.BestTop1 : null;

    /// <summary>Training steps done, which PyTorch counts beside every running variance.</summary>
    private static long Steps(StateDictionary file, ParameterSet parameters)
    {
        string? counter = parameters.Statistics.Select(s => StateLoading.CounterOf(s.Name)).OfType<string>().FirstOrDefault(file.Contains);
        return counter != null && file[counter] is { Type: SafetensorsType.I64, Count: 1 } ? (long)file.ReadFloat64(counter)[0] : 0;
    }
}
