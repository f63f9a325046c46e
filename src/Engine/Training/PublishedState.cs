using ReSTE.Native.Checkpoints;
using ReSTE.Native.StateFiles;

namespace ReSTE.Native.Training;

/// <summary>
/// A checkpoint as the published trainer would save its network: parameters, running statistics and counters of batches, module by module,
/// with epoch, network and best result beside.
/// </summary>
public static class PublishedState
{
    // What a module holds, in PyTorch's order.
    private static readonly string[] s_members = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"];

    // The published ResNet-18 for small images, which alone has four stages and a classifier of this name, makes the norm of its features
    // last.
    private const string StageOfFour = "layer4.0.conv1", Norm = "bn2", Classifier = "linear";

    // PyTorch lists modules as they are made, and a block makes its shortcut last.
    private static readonly string[] s_last = ["shortcut", "downsample"];

    /// <summary>
    /// Opens a checkpoint of any form. One that a trainer of this library saved is checked to be whole, and comes without the optimiser's
    /// states; a file of another program comes as it is.
    /// </summary>
    /// <exception cref="CheckpointException">The file is missing, damaged, or no checkpoint.</exception>
    public static StateDictionary Open(string path) =>
        Open(path, file => Ordered(file.Where(e => !CheckpointFormat.IsOptimiserState(e.Name))));

    /// <summary>
    /// Opens a checkpoint of any form as it is, with the optimiser's states and in the file's order. One that a trainer of this library
    /// saved is checked to be whole, and says its network, epochs and best result.
    /// </summary>
    /// <exception cref="CheckpointException">The file is missing, damaged, or no checkpoint.</exception>
    public static StateDictionary OpenWhole(string path) => Open(path, file => file);

    private static StateDictionary Open(string path, Func<IEnumerable<StateEntry>, IEnumerable<StateEntry>> chosen)
    {
        StateDictionary file = StateFile.Open(path);
        if (CheckpointFormat.Own(file, network: null) is not { } own)
            return file;
        Recipe recipe = CheckpointMetadata.Recipe(own);
        var (epoch, best) = CheckpointMetadata.Trained(own, recipe);
        var entries = new OrderedDictionary<string, StateEntry>(file.Entries.Count);
        foreach (StateEntry entry in chosen(file.Entries))
            entries.Add(entry.Name, entry);
        return new StateDictionary(path, file.Form, entries)
        {
            Model = recipe.Model,
            Epoch = epoch,
            BestTop1 = best,
        };
    }

    /// <summary>
    /// Module by module in the order of their first tensors, shortcuts after the rest of their block, and a classifier that was made before
    /// its norm before it.
    /// </summary>
    internal static IEnumerable<StateEntry> Ordered(IEnumerable<StateEntry> entries)
    {
        var modules = new OrderedDictionary<string, List<StateEntry>>();
        foreach (StateEntry entry in entries)
        {
            string module = entry.Name[..Math.Max(0, entry.Name.LastIndexOf('.'))];
            if (!modules.TryGetValue(module, out List<StateEntry>? members))
                modules.Add(module, members = []);
            members.Add(entry);
        }

        string[] names = [.. modules.Keys];
        var blocks = names.Index().GroupBy(m => Block(m.Item)).ToDictionary(g => g.Key, g => g.Min(m => m.Index));
        if (names.Contains(StageOfFour) && blocks.TryGetValue(Norm, out int norm) && blocks.ContainsKey(Classifier))
            (blocks[Norm], blocks[Classifier]) = (blocks[Classifier], norm);
        return names.Index().OrderBy(m => blocks[Block(m.Item)]).ThenBy(m => IsLast(m.Item)).ThenBy(m => m.Index)
            .SelectMany(m => modules[m.Item].OrderBy(e => Array.IndexOf(s_members, e.Name[(e.Name.LastIndexOf('.') + 1)..])));
    }

    /// <summary>"layer2.0" of "layer2.0.conv1" and of "layer2.0.shortcut.0"; a module outside any block is one by itself.</summary>
    private static string Block(string module)
    {
        string[] parts = module.Split('.');
        return parts.Length >= 3 ? string.Join('.', parts[..2]) : module;
    }

    private static bool IsLast(string module) => module.Split('.').Any(part => s_last.Contains(part));
}
