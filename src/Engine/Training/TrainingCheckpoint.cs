using ReSTE.Native.Checkpoints;
using ReSTE.Native.Estimators;
using ReSTE.Native.StateFiles;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Training;

/// <summary>
/// A run as one safetensors file: parameters and running statistics under their published names and in PyTorch's layout, so that any
/// safetensors reader gets a state dict; the optimiser's states under their names, <c>momentum/</c> and <c>run/</c>; recipe, state, what
/// the network is fed with and what tells its data from others as JSON in the metadata.
/// </summary>
internal static class TrainingCheckpoint
{
    /// <summary>Writes it, atomically.</summary>
    public static void Save(string path, TrainingPlan plan, DataIdentities data, TrainingState state, ParameterSet parameters)
    {
        var writer = new SafetensorsWriter();
        CheckpointMetadata.Add(writer, plan, data, state);
        AddWeights(writer, state, parameters);
        foreach (var (name, tensor) in OptimiserStates(parameters))
            Add(writer, name, tensor);
        writer.AddChecksum();
        writer.Save(path);
    }

    /// <summary>Writes parameters, running statistics and where they come from, atomically: enough to use, not to resume.</summary>
    public static void SaveWeights(string path, TrainingPlan plan, DataIdentities data, TrainingState state, ParameterSet parameters)
    {
        var writer = new SafetensorsWriter();
        CheckpointMetadata.AddToWeights(writer, plan, data, state);
        AddWeights(writer, state, parameters);
        writer.AddChecksum();
        writer.Save(path);
    }

    /// <summary>
    /// Reads it back into the parameters; returns the state, and the epochs it was saved with. Data and recipe must be those it was saved
    /// with, except for the epochs where <paramref name="otherEpochs"/> says so; the data come first, for a batch that was cut to a smaller
    /// set changes the recipe too.
    /// </summary>
    public static (TrainingState State, DataMatch Match, int Epochs) Resume(
        string path, TrainingPlan plan, DataIdentities data, ParameterSet parameters, bool otherEpochs = false)
    {
        SafetensorsFile file = CheckpointFormat.Open(path, plan.Network);
        if (file.Metadata[CheckpointFormat.Key] == CheckpointFormat.Weights)
            throw new CheckpointException(CheckpointFault.WeightsOnly, path, "holds weights and statistics only, nothing to resume from");
        Recipe saved = CheckpointMetadata.Recipe(file);
        DataIdentity? trainedOn = CheckpointMetadata.Data(file);
        Recipe compared = otherEpochs ? saved with { Epochs = plan.Recipe.Epochs } : saved;
        SettingDifference[] differences = RecipeDifferences.Between(compared, plan.Recipe);
        // Other data by another name or limit are asked for: that is what to say then.
        if (!differences.Any(d => d.Name is nameof(Recipe.Dataset) or nameof(Recipe.LimitTrain) or nameof(Recipe.LimitTest)
            or nameof(Recipe.ValidationSplit) or nameof(Recipe.Normalisation)))
            CheckpointData.Check(file, trainedOn, data, plan.Input);
        if (differences.Length > 0)
        {
            throw new CheckpointException(CheckpointFault.OtherSettings, path,
                "was saved with other settings: " + RecipeDifferences.Text(differences))
            {
                Settings = differences,
            };
        }

        TrainingState state = CheckpointMetadata.State(file, plan, saved.Epochs);
        TrainingRules.CheckEpochsAhead(plan.Recipe, state);
        StateLoading.Load(SafetensorsState.Of(file), [.. Weights(parameters), .. OptimiserStates(parameters)], ignored: _ => false);
        return (state, trainedOn == null ? DataMatch.Unknown : DataMatch.Same, saved.Epochs);
    }

    /// <summary>
    /// Reads parameters and statistics only, to be evaluated: of any recipe that has the same network, or of another program's file.
    /// </summary>
    public static WeightsSource LoadWeights(string path, TrainingPlan plan, DataIdentities data, ParameterSet parameters)
    {
        StateDictionary any = StateFile.Open(path);
        if (CheckpointFormat.Own(any, plan.Network) is not { } file)
            return ForeignCheckpoint.Load(any, plan.Recipe, parameters);
        Recipe saved = CheckpointMetadata.Recipe(file);
        DataIdentity? trainedOn = CheckpointMetadata.Data(file);
        CheckEvaluation(file, saved, plan);
        // The test images are the smaller part, and usually the same: then nobody waits for the training images.
        DataMatch match = trainedOn == null ? DataMatch.Unknown
            : trainedOn.Test == data.Test || trainedOn.Train == data.Train ? DataMatch.Same : DataMatch.Other;
        var (epoch, best) = CheckpointMetadata.Trained(file, saved);
        LoadWeights(any, parameters);
        return new WeightsSource(any.Form) { Recipe = saved, Model = saved.Model, Epoch = epoch, BestTop1 = best, Data = match };
    }

    /// <summary>Whether the plan's network computes in evaluation what the file's did.</summary>
    private static void CheckEvaluation(SafetensorsFile file, Recipe saved, TrainingPlan plan)
    {
        Recipe recipe = plan.Recipe;
        if (saved.Model != recipe.Model)
            throw Differs(CheckpointFault.OtherNetwork, $"holds the network {saved.Model}, not {recipe.Model}", nameof(Recipe.Model));
        if (saved.Dataset != recipe.Dataset)
            throw Differs(CheckpointFault.OtherDataset, $"was trained on {saved.Dataset}, not on {recipe.Dataset}", nameof(Recipe.Dataset));
        if (saved.RealActivations != recipe.RealActivations)
        {
            string activations = saved.RealActivations ? "real activations (1W/32A)" : "binary activations";
            throw Differs(CheckpointFault.OtherNetwork, $"was trained with {activations}", nameof(Recipe.RealActivations));
        }

        // One that is not catalogued may be the caller's.
        Estimator trainedWith = CheckpointMetadata.Estimator(file, saved) ?? plan.Estimator;
        if (trainedWith.Evaluation != plan.Estimator.Evaluation)
        {
            throw Differs(CheckpointFault.OtherNetwork,
                $"was trained with {saved.Estimator}, whose networks compute {trainedWith.Evaluation}, not {plan.Estimator.Evaluation}",
                nameof(Recipe.Estimator));
        }

        if (saved.Normalisation != recipe.Normalisation)
        {
            throw Differs(CheckpointFault.OtherNetwork, $"was trained on images normalised by {saved.Normalisation}, not by "
                + recipe.Normalisation, nameof(Recipe.Normalisation));
        }

        CheckpointException Differs(CheckpointFault kind, string what, string setting) =>
            new(kind, file.Name, what) { Settings = RecipeDifferences.Between(saved, recipe, setting) };
    }

    /// <summary>
    /// Reads parameters and statistics for a run to start from: of any network and recipe whose tensors are the network's by name and
    /// shape, so that a run of binary activations can start from one of real ones.
    /// </summary>
    public static WeightsSource StartFrom(string path, TrainingPlan plan, ParameterSet parameters)
    {
        StateDictionary any = StateFile.Open(path);
        SafetensorsFile? own = CheckpointFormat.Own(any, plan.Network);
        LoadWeights(any, parameters);
        parameters.States.Clear();
        if (own is null)
            return WeightsSource.Of(any);
        Recipe recipe = CheckpointMetadata.Recipe(own);
        var (epoch, best) = CheckpointMetadata.Trained(own, recipe);
        return new WeightsSource(any.Form) { Recipe = recipe, Model = recipe.Model, Epoch = epoch, BestTop1 = best };
    }

    /// <summary>Goes on with a run that another program has begun; its file knows weights, statistics and epoch, and no momentum.</summary>
    public static (TrainingState State, WeightsSource Source) ResumeForeign(string path, TrainingPlan plan, ParameterSet parameters)
    {
        StateDictionary any = StateFile.Open(path);
        if (CheckpointFormat.Own(any, plan.Network) is not null)
        {
            throw new CheckpointException(CheckpointFault.NotACheckpoint, path,
                "is a checkpoint of this program, which is resumed with everything it holds, not with its weights alone");
        }

        TrainingState state = ForeignCheckpoint.State(any, plan, parameters);
        WeightsSource source = ForeignCheckpoint.Load(any, plan.Recipe, parameters);
        parameters.States.Clear();
        return (state, source);
    }

    /// <summary>Reads parameters and statistics out of a file.</summary>
    public static void LoadWeights(StateDictionary file, ParameterSet parameters)
    {
        HashSet<string> weights = [.. Weights(parameters).Select(t => t.Name)];
        StateLoading.Load(file, [.. Weights(parameters)],
            name => CheckpointFormat.IsStateOfRun(name) || (CheckpointFormat.ParameterOfState(name) is { } p && weights.Contains(p)));
    }

    private static IEnumerable<(string Name, StateTensor Tensor)> Weights(ParameterSet parameters) =>
        parameters.Parameters.Concat(parameters.Statistics).Select(t => (t.Name, t));

    /// <summary>
    /// What the optimiser keeps, each state under its name and the parameter's, <c>momentum/conv1.weight</c>, and what it keeps once a run
    /// under <c>run/</c> and its name.
    /// </summary>
    private static IEnumerable<(string Name, StateTensor Tensor)> OptimiserStates(ParameterSet parameters) =>
        parameters.States.Names.SelectMany(state => parameters.Parameters.Where(p => p.States.ContainsKey(state))
                .Select(p => (state + CheckpointFormat.StateSeparator + p.Name, p.States[state])))
            .Concat(parameters.States.OfRun.Select(state => (CheckpointFormat.RunPrefix + state.Name, state)));

    private static void AddWeights(SafetensorsWriter writer, TrainingState state, ParameterSet parameters)
    {
        foreach (var (name, tensor) in Weights(parameters))
            Add(writer, name, tensor);
        foreach (string counter in parameters.Statistics.Select(s => StateLoading.CounterOf(s.Name)).OfType<string>())
            writer.Add(counter, [], [state.Steps]);
    }

    private static void Add(SafetensorsWriter writer, string name, StateTensor tensor)
    {
        long[] shape = Array.ConvertAll(tensor.Layout.Shape.ToArray(), d => (long)d);
        double[] values = tensor.Read();
        if (tensor.Value.Type == ElementType.Float64)
            writer.Add(name, shape, values);
        else
            writer.Add(name, shape, Array.ConvertAll(values, v => (float)v));
    }
}
