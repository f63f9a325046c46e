using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Estimators;

namespace ReSTE.Native.Training;

/// <summary>
/// The strings of a checkpoint: recipe, state, what the network is fed with and what tells its data from others, each as JSON under its
/// key.
/// </summary>
internal static class CheckpointMetadata
{
    /// <summary>Writes all of them, and the format's name.</summary>
    public static void Add(SafetensorsWriter writer, TrainingPlan plan, DataIdentities data, TrainingState state)
    {
        AddOrigin(writer, CheckpointFormat.Current, plan, data);
        writer.AddMetadata(CheckpointFormat.StateKey, JsonSerializer.Serialize(state, CheckpointJson.Default.TrainingState));
    }

    /// <summary>
    /// Writes those of a file that holds weights and nothing to resume from; of the state it keeps the weights' epoch, and their result
    /// where it is the run's best.
    /// </summary>
    public static void AddToWeights(SafetensorsWriter writer, TrainingPlan plan, DataIdentities data, TrainingState state)
    {
        AddOrigin(writer, CheckpointFormat.Weights, plan, data);
        int epoch = state.EpochOfWeights(Math.Max(1, plan.Recipe.Epochs));
        writer.AddMetadata(CheckpointFormat.EpochKey, epoch.ToString(CultureInfo.InvariantCulture));
        if (state.BestEpoch == epoch)
            writer.AddMetadata(CheckpointFormat.BestKey, state.BestTop1.ToString("R", CultureInfo.InvariantCulture));
    }

    private static void AddOrigin(SafetensorsWriter writer, string format, TrainingPlan plan, DataIdentities data)
    {
        writer.AddMetadata(CheckpointFormat.Key, format);
        writer.AddMetadata(CheckpointFormat.RecipeKey, JsonSerializer.Serialize(plan.Recipe, CheckpointJson.Default.Recipe));
        writer.AddMetadata(CheckpointFormat.InputKey, JsonSerializer.Serialize(plan.Input, CheckpointJson.Default.NetworkInput));
        writer.AddMetadata(CheckpointFormat.DataKey, JsonSerializer.Serialize(data.All, CheckpointJson.Default.DataIdentity));
    }

    /// <summary>The recipe; what an older version did not write is at its default.</summary>
    public static Recipe Recipe(SafetensorsFile file) =>
        Parse(file, CheckpointFormat.RecipeKey, CheckpointJson.Default.Recipe, new Recipe());

    /// <summary>The estimator that its weights were trained with; null for one that is not catalogued.</summary>
    public static Estimator? Estimator(SafetensorsFile file, Recipe saved)
    {
        try
        {
            return EstimatorCatalog.Knows(saved.Estimator) ? EstimatorCatalog.Create(saved) : null;
        }
        catch (RecipeException e)
        {
            throw new CheckpointException(CheckpointFault.NotACheckpoint, file.Name, $"has a recipe that cannot be: {e.Message}", e);
        }
    }

    /// <summary>What the network is fed with.</summary>
    public static NetworkInput Input(SafetensorsFile file)
    {
        NetworkInput input = Parse(file, CheckpointFormat.InputKey, CheckpointJson.Default.NetworkInput);
        return input.IsValid ? input : throw DamagedString(file, CheckpointFormat.InputKey);
    }

    /// <summary>Where the run stands, which is somewhere that the plan's run can stand with a number of epochs.</summary>
    public static TrainingState State(SafetensorsFile file, TrainingPlan plan, int epochs)
    {
        TrainingState state = State(file);
        int images = plan.Data.Train.Count;
        bool betweenSteps = state.Cursor >= 0
            && (state.Cursor == images || (state.Cursor < images && state.Cursor % plan.Recipe.BatchSize == 0));
        return state.Epoch >= 0 && state.Epoch <= epochs && betweenSteps
            ? state
            : throw new CheckpointException(CheckpointFault.Damaged, file.Name,
                $"says epoch {state.Epoch}, image {state.Cursor}, which this run does not have");
    }

    /// <summary>Epochs its weights were trained for, and the best top-1 of the run, where the file knows of one.</summary>
    public static (int Epochs, double? BestTop1) Trained(SafetensorsFile file, Recipe recipe)
    {
        if (file.Metadata[CheckpointFormat.Key] == CheckpointFormat.Weights)
            return (EpochOfWeights(file, recipe) + 1, BestOfWeights(file));
        TrainingState state = State(file);
        // Gone on with from another program's run, the best result may have come before the first epoch known here.
        return (state.Epoch, state is { BestEpoch: < 0, BestTop1: 0 } ? null : state.BestTop1);
    }

    /// <summary>Top-1 of its weights, in percent; null where the run had a better result with others, or none.</summary>
    public static double? Top1(SafetensorsFile file, Recipe recipe)
    {
        if (file.Metadata[CheckpointFormat.Key] == CheckpointFormat.Weights)
            return BestOfWeights(file);
        TrainingState state = State(file);
        return state.BestEpoch >= 0 && state.BestEpoch == EpochOfWeights(file, recipe) ? state.BestTop1 : null;
    }

    private static TrainingState State(SafetensorsFile file) =>
        Parse(file, CheckpointFormat.StateKey, CheckpointJson.Default.TrainingState, new TrainingState());

    private static double? BestOfWeights(SafetensorsFile file)
    {
        if (file.Metadata.GetValueOrDefault(CheckpointFormat.BestKey) is not { } text)
            return null;
        return double.TryParse(text, CultureInfo.InvariantCulture, out double best)
            ? best
            : throw DamagedString(file, CheckpointFormat.BestKey);
    }

    /// <summary>The epoch whose numbers its weights were last used with.</summary>
    public static int EpochOfWeights(SafetensorsFile file, Recipe recipe)
    {
        int epochs = Math.Max(1, recipe.Epochs);
        if (file.Metadata[CheckpointFormat.Key] != CheckpointFormat.Weights)
            return State(file).EpochOfWeights(epochs);
        string? text = file.Metadata.GetValueOrDefault(CheckpointFormat.EpochKey);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int epoch) && epoch < epochs
            ? epoch
            : throw DamagedString(file, CheckpointFormat.EpochKey);
    }

    /// <summary>The data it was trained on; null where the version that saved it did not say.</summary>
    public static DataIdentity? Data(SafetensorsFile file)
    {
        if (file.Metadata[CheckpointFormat.Key] == CheckpointFormat.First)
            return null;
        DataIdentity data = Parse(file, CheckpointFormat.DataKey, CheckpointJson.Default.DataIdentity);
        return data is { Train: not null, Test: not null } ? data : throw DamagedString(file, CheckpointFormat.DataKey);
    }

    private static T Parse<T>(SafetensorsFile file, string key, JsonTypeInfo<T> type, T? defaults = null) where T : class
    {
        try
        {
            return file.Metadata.TryGetValue(key, out string? json) && CheckpointJson.Read(json, type, defaults) is { } value
                ? value
                : throw new CheckpointException(CheckpointFault.Incomplete, file.Name, $"has no {key} in its metadata");
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw DamagedString(file, key, problem);
        }
    }

    private static CheckpointException DamagedString(SafetensorsFile file, string key, Exception? problem = null) =>
        new(CheckpointFault.Damaged, file.Name, $"has a damaged {key} in its metadata", problem);
}
