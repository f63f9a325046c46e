using System.Globalization;
using System.Text.Json;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Networks;
using ReSTE.Native.StateFiles;

namespace ReSTE.Native.Training;

/// <summary>
/// Tells checkpoints from other files, and whole ones from changed ones. The checksum of the first format went over everything in the order
/// it was written in, and other programs put names into an order of their own: such a file is summed up in its writer's order, wherever
/// things lie now.
/// </summary>
internal static class CheckpointFormat
{
    /// <summary>The metadata key of the format's name.</summary>
    public const string Key = "format";

    /// <summary>The format that is written.</summary>
    public const string Current = "reste-training-2";

    /// <summary>The format of the version before; it does not know its data.</summary>
    public const string First = "reste-training-1";

    /// <summary>The format of a file with weights and statistics only.</summary>
    public const string Weights = "reste-weights-1";

    public const string EpochKey = "epoch", BestKey = "best_prec1";

    public const string RecipeKey = "recipe", StateKey = "state", InputKey = "input", DataKey = "data";

    public const string StateSeparator = "/", CounterSuffix = ".num_batches_tracked", VarianceSuffix = ".running_var";

    public const string RunPrefix = "run" + StateSeparator;

    private const string Family = "reste-training-", WeightsFamily = "reste-weights-";

    private const string WeightSuffix = ".weight", BiasSuffix = ".bias", MomentumPrefix = "momentum/";

    private const string MeanSuffix = ".running_mean";

    /// <summary>Opens a file and checks that it is whole, and a checkpoint of this program.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network it may hold, where it is not a catalogued one.</param>
    public static SafetensorsFile Open(string path, Network? network)
    {
        StateDictionary file = StateFile.Open(path);
        return Own(file, network) ?? throw new CheckpointException(CheckpointFault.NotACheckpoint, path,
            $"{Foreign(file)}, not a checkpoint of this program: it has weights alone, and no recipe of their training");
    }

    /// <summary>The file, checked to be whole, where it is a checkpoint of this program; null where another program's.</summary>
    public static SafetensorsFile? Own(StateDictionary state, Network? network)
    {
        if (state.Safetensors is not { } file)
            return null;
        string? format = file.Metadata.GetValueOrDefault(Key);
        if (format is not (Current or First or Weights))
            return IsChangedOrNewer(file, format) is { } problem ? throw problem : null;
        bool isWhole = file.ChecksumFits() || (format == First && FitsInWritersOrder(file, network));
        return isWhole ? file : throw file.Changed();
    }

    /// <summary>Whether a name is that of an optimiser's state, such as <c>momentum/conv1.weight</c>.</summary>
    public static bool IsOptimiserState(string name) => ParameterOfState(name) != null;

    /// <summary>Whether a name is that of what an optimiser keeps once a run, such as <c>run/adam.steps</c>.</summary>
    public static bool IsStateOfRun(string name) => name.StartsWith(RunPrefix, StringComparison.Ordinal);

    /// <summary>What follows the name of an optimiser's state; null where the name is of something else.</summary>
    public static string? ParameterOfState(string name) =>
        name.IndexOf(StateSeparator, StringComparison.Ordinal) is > 0 and var at ? name[(at + 1)..] : null;

    private static CheckpointException? IsChangedOrNewer(SafetensorsFile file, string? format)
    {
        string? read = IsOf(Family, format) ? $"{First} and {Current}" : IsOf(WeightsFamily, format) ? Weights : null;
        if (read is not null)
        {
            return new(CheckpointFault.NewerFormat, file.Name,
                $"has the format {format}; this version reads {read}, a newer one may read it");
        }

        return file.Metadata.ContainsKey(SafetensorsChecksum.Key) && file.Metadata.ContainsKey(RecipeKey) ? file.Changed() : null;
    }

    private static bool IsOf(string family, string? format) => format?.StartsWith(family, StringComparison.Ordinal) == true
        && uint.TryParse(format[family.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static string Foreign(StateDictionary file)
    {
        bool isStateDict = file.Entries.Any(t => t.Name.EndsWith(WeightSuffix, StringComparison.Ordinal));
        if (file.Safetensors is not { } safetensors)
            return $"holds weights saved from PyTorch ({(file.Form == CheckpointForm.PyTorchZip ? "zip" : "stream")} form)";
        string? format = safetensors.Metadata.GetValueOrDefault(Key);
        return format switch
        {
            "pt" => "holds weights saved from PyTorch (metadata format 'pt')",
            null when isStateDict => "holds weights of another program (PyTorch's names, no metadata of a training)",
            null => "is a safetensors file of another program",
            _ => $"is a safetensors file of another program (metadata format {CheckpointException.Quote(format)})",
        };
    }

    private static bool FitsInWritersOrder(SafetensorsFile file, Network? network)
    {
        string[] keys = [Key, RecipeKey, InputKey, StateKey];
        return keys.All(file.Metadata.ContainsKey) && Parameters(file, network) is { } parameters
            && WritersOrder(file, parameters) is var names && names.Count == file.Tensors.Count && names.All(file.Contains)
            && file.ChecksumFits(keys, names);
    }

    /// <summary>The network's parameters in recording order; null where the file does not say which network it holds.</summary>
    private static string[]? Parameters(SafetensorsFile file, Network? network)
    {
        try
        {
            var recipe = JsonSerializer.Deserialize(file.Metadata[RecipeKey], CheckpointJson.Default.Recipe);
            var input = JsonSerializer.Deserialize(file.Metadata[InputKey], CheckpointJson.Default.NetworkInput);
            if (recipe == null || input is not { IsValid: true })
                return null;
            Network named = network?.Name == recipe.Model ? network : NetworkCatalog.Find(recipe.Dataset, recipe.Model);
            return [.. named.Summarize(input.Image, input.Classes).SelectMany(ParameterNames)];
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // What nobody has verified yet may say anything; a network that cannot be recorded so has no order.
            return null;
        }
    }

    private static string[] ParameterNames(LayerInfo layer) =>
        layer.Kind == LayerKind.Conv ? [layer.Name + WeightSuffix] : [layer.Name + WeightSuffix, layer.Name + BiasSuffix];

    /// <summary>Parameters, running statistics, counters, momenta, each in the network's order.</summary>
    private static List<string> WritersOrder(SafetensorsFile file, string[] parameters)
    {
        string[] norms = [.. parameters.Where(p => p.EndsWith(WeightSuffix, StringComparison.Ordinal))
            .Select(p => p[..^WeightSuffix.Length])
            .Where(norm => file.Contains(norm + MeanSuffix))];
        return [.. parameters, .. norms.SelectMany(norm => new[] { norm + MeanSuffix, norm + VarianceSuffix }),
            .. norms.Select(norm => norm + CounterSuffix), .. parameters.Select(p => MomentumPrefix + p)];
    }
}
