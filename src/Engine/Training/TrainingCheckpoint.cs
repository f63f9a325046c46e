using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Training;

/// <summary>
/// A run as one safetensors file: parameters and running statistics under their published names and in PyTorch's layout, so that any
/// safetensors reader gets a state dict; the optimiser's states under their names, <c>momentum/</c>; recipe, state, what the network is fed
/// with and what tells its data from others as JSON in the metadata.
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
            or nameof(Recipe.ValidationSplit)))
            CheckData(file, trainedOn, data, plan.Input);
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
        CheckNames(path, file, parameters, withOptimiser: true);
        Read(path, file, [.. Weights(parameters), .. OptimiserStates(parameters)]);
        return (state, trainedOn == null ? DataMatch.Unknown : DataMatch.Same, saved.Epochs);
    }

    /// <summary>Reads parameters and statistics only, of any recipe that has the same network.</summary>
    public static DataMatch LoadWeights(string path, TrainingPlan plan, DataIdentities data, ParameterSet parameters)
    {
        SafetensorsFile file = CheckpointFormat.Open(path, plan.Network);
        Recipe saved = CheckpointMetadata.Recipe(file), recipe = plan.Recipe;
        DataIdentity? trainedOn = CheckpointMetadata.Data(file);
        if (saved.Model != recipe.Model)
            throw Differs(CheckpointFault.OtherNetwork, $"holds the network {saved.Model}, not {recipe.Model}", nameof(Recipe.Model));
        if (saved.Dataset != recipe.Dataset)
            throw Differs(CheckpointFault.OtherDataset, $"was trained on {saved.Dataset}, not on {recipe.Dataset}", nameof(Recipe.Dataset));
        if (saved.RealActivations != recipe.RealActivations)
        {
            string activations = saved.RealActivations ? "real activations (1W/32A)" : "binary activations";
            throw Differs(CheckpointFault.OtherNetwork, $"was trained with {activations}", nameof(Recipe.RealActivations));
        }

        // The test images are the smaller part, and usually the same: then nobody waits for the training images.
        DataMatch match = trainedOn == null ? DataMatch.Unknown
            : trainedOn.Test == data.Test || trainedOn.Train == data.Train ? DataMatch.Same : DataMatch.Other;
        LoadWeights(file, parameters);
        return match;

        CheckpointException Differs(CheckpointFault kind, string what, string setting) =>
            new(kind, path, what) { Settings = RecipeDifferences.Between(saved, recipe, setting) };
    }

    /// <summary>Reads parameters and statistics out of a file of <see cref="CheckpointFormat.Open"/>.</summary>
    public static void LoadWeights(SafetensorsFile file, ParameterSet parameters)
    {
        CheckNames(file.Name, file, parameters, withOptimiser: false);
        Read(file.Name, file, [.. Weights(parameters)]);
    }

    private static IEnumerable<(string Name, StateTensor Tensor)> Weights(ParameterSet parameters) =>
        parameters.Parameters.Concat(parameters.Statistics).Select(t => (t.Name, t));

    /// <summary>What the optimiser keeps, each state under its name and the parameter's: <c>momentum/conv1.weight</c>.</summary>
    private static IEnumerable<(string Name, StateTensor Tensor)> OptimiserStates(ParameterSet parameters) =>
        parameters.OptimiserStates.SelectMany(state =>
            parameters.Parameters.Select(p => (state + CheckpointFormat.StateSeparator + p.Name, p.States[state])));

    /// <summary>What follows the name of an optimiser's state; null where the name is of something else.</summary>
    private static string? ParameterOfState(string name) =>
        name.IndexOf(CheckpointFormat.StateSeparator, StringComparison.Ordinal) is > 0 and var at ? name[(at + 1)..] : null;

    /// <summary>Looks at every tensor before it takes the first: a file that does not fit leaves the network as it was.</summary>
    private static void Read(string path, SafetensorsFile file, (string Name, StateTensor Tensor)[] tensors)
    {
        foreach (var (name, tensor) in tensors)
            CheckTensor(path, file[name], tensor.Layout);
        foreach (var (name, tensor) in tensors)
            tensor.Write(file.ReadFloat64(name));
    }

    private static void AddWeights(SafetensorsWriter writer, TrainingState state, ParameterSet parameters)
    {
        foreach (var (name, tensor) in Weights(parameters))
            Add(writer, name, tensor);
        foreach (StateTensor variance in parameters.Statistics.Where(s => s.Name.EndsWith(".running_var", StringComparison.Ordinal)))
            writer.Add(CounterName(variance), [], [state.Steps]);
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

    private static string CounterName(StateTensor variance) =>
        variance.Name[..variance.Name.LastIndexOf('.')] + CheckpointFormat.CounterSuffix;

    private static void CheckData(SafetensorsFile file, DataIdentity? trainedOn, DataIdentities data, NetworkInput input)
    {
        DataIdentity now = data.All;
        bool train = trainedOn != null && trainedOn.Train != now.Train, test = trainedOn != null && trainedOn.Test != now.Test;
        bool validation = trainedOn != null && trainedOn.Validation != now.Validation;
        if (train || test || validation)
        {
            string parts = (train, test) switch
            {
                (true, true) => "training and test images",
                (true, false) => "training images",
                (false, true) => "test images",
                _ => "validation images",
            };
            throw new CheckpointException(CheckpointFault.OtherData, file.Name,
                $"the checkpoint was trained on other data: its {parts} are not those given now");
        }

        NetworkInput saved = CheckpointMetadata.Input(file);
        string? other = !saved.Mean.SequenceEqual(input.Mean) ? nameof(Preprocessing.Mean)
            : !saved.Deviation.SequenceEqual(input.Deviation) ? nameof(Preprocessing.Deviation)
            : trainedOn != null && trainedOn.CropPadding != now.CropPadding ? nameof(Preprocessing.CropPadding)
            : trainedOn != null && trainedOn.Flip != now.Flip ? nameof(Preprocessing.Flip) : null;
        if (other != null)
        {
            throw new CheckpointException(CheckpointFault.OtherData, file.Name,
                $"the checkpoint was trained on the same images with another {nameof(Preprocessing)}.{other} than given now");
        }
    }

    private static void CheckNames(string path, SafetensorsFile file, ParameterSet parameters, bool withOptimiser)
    {
        HashSet<string> weights = [.. Weights(parameters).Select(t => t.Name)], expected = [.. weights];
        if (withOptimiser)
            expected.UnionWith(OptimiserStates(parameters).Select(t => t.Name));
        string[] missing = [.. expected.Where(name => !file.Contains(name))];
        string[] unexpected = [.. file.Tensors.Select(t => t.Name).Where(name => !expected.Contains(name)
            && !name.EndsWith(CheckpointFormat.CounterSuffix, StringComparison.Ordinal)
            && (withOptimiser || ParameterOfState(name) is not { } parameter || !weights.Contains(parameter)))];
        if (missing.Length + unexpected.Length > 0)
        {
            throw new CheckpointException(CheckpointFault.OtherNetwork, path,
                $"does not fit the network: {List("missing", missing)}; {List("unexpected", unexpected)}");
        }
    }

    private static string List(string what, string[] names) => names.Length == 0
        ? $"nothing {what}"
        : $"{names.Length} {what} ({string.Join(", ", names.Take(4).Select(CheckpointException.Quote))}"
            + (names.Length > 4 ? ", ...)" : ")");

    private static void CheckTensor(string path, SafetensorsEntry tensor, PublishedLayout layout)
    {
        long[] shape = Array.ConvertAll(layout.Shape.ToArray(), d => (long)d);
        if (!tensor.Shape.AsSpan().SequenceEqual(shape))
        {
            throw new CheckpointException(CheckpointFault.OtherNetwork, path,
                $"{tensor.Name} has shape [{string.Join(',', tensor.Shape)}], the network wants {layout.Shape}");
        }

        if (tensor.Type is not (SafetensorsType.F32 or SafetensorsType.F64))
            throw new CheckpointException(CheckpointFault.WrongType, path, $"{tensor.Name} is {tensor.Type.FileName()}, not F32 or F64");
    }
}
