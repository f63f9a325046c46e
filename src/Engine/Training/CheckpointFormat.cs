using System.Text.Json;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Networks;

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

    public const string EpochKey = "epoch";

    public const string RecipeKey = "recipe", StateKey = "state", InputKey = "input", DataKey = "data";

    public const string StateSeparator = "/", CounterSuffix = ".num_batches_tracked";

    private const string Family = "reste-training-", WeightSuffix = ".weight", BiasSuffix = ".bias", MomentumPrefix = "momentum/";

    private const string MeanSuffix = ".running_mean", VarianceSuffix = ".running_var";

    /// <summary>Opens a file and checks that it is whole, and a checkpoint of this program.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network it may hold, where it is not a catalogued one.</param>
    public static SafetensorsFile Open(string path, Network? network)
    {
        SafetensorsFile file = SafetensorsFile.Open(path);
        string? format = file.Metadata.GetValueOrDefault(Key);
        if (format is not (Current or First or Weights))
            throw Unknown(file, format);
        bool isWhole = file.ChecksumFits() || (format == First && FitsInWritersOrder(file, network));
        return isWhole ? file : throw file.Changed();
    }

    private static CheckpointException Unknown(SafetensorsFile file, string? format)
    {
        if (format?.StartsWith(Family, StringComparison.Ordinal) == true && uint.TryParse(format[Family.Length..], out _))
        {
            return new(CheckpointFault.NewerFormat, file.Name,
                $"has the format {format}; this version reads {First} and {Current}, a newer one may read it");
        }

        return file.Metadata.ContainsKey(SafetensorsChecksum.Key) && file.Metadata.ContainsKey(RecipeKey)
            ? file.Changed()
            : new(CheckpointFault.NotACheckpoint, file.Name,
                $"{Foreign(file, format)}, not a checkpoint of this program: the weights of other programs cannot be read yet");
    }

    private static string Foreign(SafetensorsFile file, string? format)
    {
        bool isStateDict = file.Tensors.Any(t => t.Name.EndsWith(WeightSuffix, StringComparison.Ordinal));
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
