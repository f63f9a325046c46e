using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Training;

/// <summary>
/// A run as one safetensors file: parameters and running statistics under their published names and in PyTorch's layout, so that any safetensors
/// reader gets a state dict; the optimiser's states under their names, <c>momentum/</c>; recipe, state and what the network is fed with as JSON in the metadata.
/// </summary>
internal static class TrainingCheckpoint
{
    // A run that diverged can be saved too: its sums are not finite.
    private static readonly JsonSerializerOptions Json =
        new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, RespectNullableAnnotations = true };

    private const string FormatKey = "format", Format = "reste-training-1";
    private const string RecipeKey = "recipe", StateKey = "state", InputKey = "input", StateSeparator = "/", CounterSuffix = ".num_batches_tracked";

    /// <summary>Writes it, atomically.</summary>
    public static void Save(string path, TrainingPlan plan, TrainingState state, ParameterSet parameters)
    {
        var writer = new SafetensorsWriter();
        writer.AddMetadata(FormatKey, Format);
        writer.AddMetadata(RecipeKey, JsonSerializer.Serialize(plan.Recipe, Json));
        writer.AddMetadata(InputKey, JsonSerializer.Serialize(plan.Input, Json));
        writer.AddMetadata(StateKey, JsonSerializer.Serialize(state, Json));
        foreach (StateTensor tensor in parameters.Parameters.Concat(parameters.Statistics))
            Add(writer, tensor.Name, tensor);
        foreach (StateTensor variance in parameters.Statistics.Where(s => s.Name.EndsWith(".running_var", StringComparison.Ordinal)))
            writer.Add(CounterName(variance), [], [state.Steps]);
        foreach (var (name, tensor) in OptimiserStates(parameters))
            Add(writer, name, tensor);
        writer.AddChecksum();
        writer.Save(path);
    }

    /// <summary>Reads it back into the parameters; returns the state. The recipe must be the one it was saved with.</summary>
    public static TrainingState Resume(string path, Recipe recipe, ParameterSet parameters, int images)
    {
        SafetensorsFile file = Open(path);
        CheckRecipe(path, file, recipe);
        TrainingState state = Parse<TrainingState>(path, file, StateKey);
        bool betweenSteps = state.Cursor >= 0 && (state.Cursor == images || (state.Cursor < images && state.Cursor % recipe.BatchSize == 0));
        if (state.Epoch < 0 || state.Epoch > recipe.Epochs || !betweenSteps)
            throw new CheckpointException(path, $"says epoch {state.Epoch}, image {state.Cursor}, which this run does not have");
        CheckNames(path, file, parameters, withMomenta: true);
        Read(path, file, [.. Weights(parameters), .. OptimiserStates(parameters)]);
        return state;
    }

    /// <summary>Reads parameters and statistics only, of any recipe that has the same network.</summary>
    public static void LoadWeights(string path, Recipe recipe, ParameterSet parameters)
    {
        SafetensorsFile file = Open(path);
        Recipe saved = Parse<Recipe>(path, file, RecipeKey);
        if (saved.Model != recipe.Model)
            throw new CheckpointException(path, $"holds the network {saved.Model}, not {recipe.Model}; give --model {saved.Model}");
        if (saved.Dataset != recipe.Dataset)
            throw new CheckpointException(path, $"was trained on {saved.Dataset}, not on {recipe.Dataset}; give --dataset {saved.Dataset}");
        if (saved.RealActivations != recipe.RealActivations)
        {
            throw new CheckpointException(path, saved.RealActivations
                ? "was trained with real activations (1W/32A); give --a32"
                : "was trained with binary activations; leave out --a32");
        }

        LoadWeights(file, parameters);
    }

    /// <summary>Reads parameters and statistics out of a file of <see cref="Open"/>.</summary>
    public static void LoadWeights(SafetensorsFile file, ParameterSet parameters)
    {
        CheckNames(file.Name, file, parameters, withMomenta: false);
        Read(file.Name, file, [.. Weights(parameters)]);
    }

    /// <summary>The recipe of a file of <see cref="Open"/>, and what its network is fed with.</summary>
    public static (Recipe Recipe, NetworkInput Input) Describe(SafetensorsFile file)
    {
        NetworkInput input = Parse<NetworkInput>(file.Name, file, InputKey);
        return input.IsValid
            ? (Parse<Recipe>(file.Name, file, RecipeKey), input)
            : throw new CheckpointException(file.Name, $"has a damaged {InputKey} in its metadata");
    }

    /// <summary>What the optimiser keeps, each state under its name and the parameter's: <c>momentum/conv1.weight</c>.</summary>
    private static IEnumerable<(string Name, StateTensor Tensor)> OptimiserStates(ParameterSet parameters) => parameters.OptimiserStates.SelectMany(
        state => parameters.Parameters.Select(p => (state + StateSeparator + p.Name, p.States[state])));

    private static IEnumerable<(string Name, StateTensor Tensor)> Weights(ParameterSet parameters) =>
        parameters.Parameters.Concat(parameters.Statistics).Select(t => (t.Name, t));

    /// <summary>Looks at every tensor before it takes the first: a file that does not fit leaves the network as it was.</summary>
    private static void Read(string path, SafetensorsFile file, (string Name, StateTensor Tensor)[] tensors)
    {
        foreach (var (name, tensor) in tensors)
            CheckTensor(path, file[name], tensor.Layout);
        foreach (var (name, tensor) in tensors)
            tensor.Write(file.ReadFloat64(name));
    }

    /// <summary>Opens a file and checks that it is whole, and such a checkpoint.</summary>
    public static SafetensorsFile Open(string path)
    {
        SafetensorsFile file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(FormatKey, out string? format))
            throw new CheckpointException(path, "is a safetensors file, but not a checkpoint of this program");
        file.VerifyChecksum();
        return format == Format ? file : throw new CheckpointException(path, $"has format {CheckpointException.Quote(format)}; this program reads {Format}");
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

    private static string CounterName(StateTensor variance) => variance.Name[..variance.Name.LastIndexOf('.')] + CounterSuffix;

    private static T Parse<T>(string path, SafetensorsFile file, string key)
    {
        try
        {
            return file.Metadata.TryGetValue(key, out string? json) && JsonSerializer.Deserialize<T>(json, Json) is { } value
                ? value
                : throw new CheckpointException(path, $"has no {key} in its metadata");
        }
        catch (JsonException problem)
        {
            throw new CheckpointException(path, $"has a damaged {key} in its metadata", problem);
        }
    }

    private static void CheckRecipe(string path, SafetensorsFile file, Recipe recipe)
    {
        using JsonDocument saved = JsonDocument.Parse(JsonSerializer.Serialize(Sorted(Parse<Recipe>(path, file, RecipeKey)), Json));
        using JsonDocument asked = JsonDocument.Parse(JsonSerializer.Serialize(Sorted(recipe), Json));
        string[] differences = [.. asked.RootElement.EnumerateObject()
            .Where(p => saved.RootElement.GetProperty(p.Name).GetRawText() != p.Value.GetRawText())
            .Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Name} was {saved.RootElement.GetProperty(p.Name)}, is {p.Value}"))];
        if (differences.Length > 0)
            throw new CheckpointException(path, "was saved with other settings: " + string.Join("; ", differences));
    }

    private static Recipe Sorted(Recipe recipe) =>
        recipe with { EstimatorArguments = new SortedDictionary<string, double>(recipe.EstimatorArguments.ToDictionary(), StringComparer.Ordinal) };

    private static void CheckNames(string path, SafetensorsFile file, ParameterSet parameters, bool withMomenta)
    {
        HashSet<string> expected = [.. parameters.Parameters.Concat(parameters.Statistics).Select(t => t.Name)];
        if (withMomenta)
            expected.UnionWith(OptimiserStates(parameters).Select(s => s.Name));
        string[] missing = [.. expected.Where(name => !file.Contains(name))];
        string[] unexpected = [.. file.Tensors.Select(t => t.Name).Where(name => !expected.Contains(name)
            && !name.EndsWith(CounterSuffix, StringComparison.Ordinal) && !name.Contains(StateSeparator, StringComparison.Ordinal))];
        if (missing.Length + unexpected.Length > 0)
            throw new CheckpointException(path, $"does not fit the network: {List("missing", missing)}; {List("unexpected", unexpected)}");
    }

    private static string List(string what, string[] names) => names.Length == 0
        ? $"nothing {what}"
        : $"{names.Length} {what} ({string.Join(", ", names.Take(4).Select(CheckpointException.Quote))}{(names.Length > 4 ? ", ..." : "")})";

    private static void CheckTensor(string path, SafetensorsEntry tensor, PublishedLayout layout)
    {
        long[] shape = Array.ConvertAll(layout.Shape.ToArray(), d => (long)d);
        if (!tensor.Shape.AsSpan().SequenceEqual(shape))
            throw new CheckpointException(path, $"{tensor.Name} has shape [{string.Join(',', tensor.Shape)}], the network wants {layout.Shape}");
        if (tensor.Type is not (SafetensorsType.F32 or SafetensorsType.F64))
            throw new CheckpointException(path, $"{tensor.Name} is {tensor.Type.FileName()}, not F32 or F64");
    }
}
