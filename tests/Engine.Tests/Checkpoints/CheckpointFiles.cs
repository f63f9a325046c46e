using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Engine.Tests.Checkpoints;

/// <summary>Checkpoints as other programs write them again: the same strings and tensors, elsewhere in the file.</summary>
internal static class CheckpointFiles
{
    /// <summary>A file that an earlier version wrote.</summary>
    public static string Kept => Path.Combine(AppContext.BaseDirectory, "kept", "reste-training-1.safetensors");

    private delegate IEnumerable<string> Order(IEnumerable<string> all);

    /// <summary>Writes a file again with its strings and tensors in another order.</summary>
    private static void Reorder(string from, string to, Order keys, Order names)
    {
        SafetensorsFile file = SafetensorsFile.Open(from);
        var writer = new SafetensorsWriter();
        foreach (string key in keys(file.Metadata.Keys))
            writer.AddMetadata(key, file.Metadata[key]);
        foreach (string name in names(file.Tensors.Select(t => t.Name)))
            writer.Add(name, file[name].Type, file[name].Shape.AsSpan(), file.Data(name).ToArray());
        writer.Save(to);
    }

    /// <summary>The orders that tools leave: as it is, strings in another order, everything by name, everything backwards.</summary>
    public static void Reorder(string from, string to, string order)
    {
        IEnumerable<string> Sorted(IEnumerable<string> all) => all.Order(StringComparer.Ordinal);
        switch (order)
        {
            case "strings":
                Reorder(from, to, Enumerable.Reverse, all => all);
                break;
            case "sorted":
                Reorder(from, to, Sorted, Sorted);
                break;
            case "backwards":
                Reorder(from, to, Enumerable.Reverse, Enumerable.Reverse);
                break;
            default:
                Reorder(from, to, all => all, all => all);
                break;
        }
    }
}
