using System.Globalization;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Training;

/// <summary>
/// Takes a network's tensors out of a state dictionary, all of them or none: what is missing, unexpected or of another shape is listed, and
/// the network is left as it was.
/// </summary>
internal static class StateLoading
{
    // More than the tensors of any published network.
    private const int MostListed = 256;

    /// <summary>Loads exactly these; counters of batches and what <paramref name="ignored"/> accepts may stand beside them.</summary>
    /// <exception cref="CheckpointException">The file does not fit.</exception>
    public static void Load(StateDictionary file, (string Name, StateTensor Tensor)[] tensors, Func<string, bool> ignored)
    {
        CheckFit(file, tensors, ignored);
        foreach (var (name, tensor) in tensors)
            CheckType(file, file[name]);
        foreach (var (name, tensor) in tensors)
            tensor.Write(file.ReadFloat64(name));
    }

    /// <summary>The counter of batches that PyTorch keeps beside a running variance; null for any other name.</summary>
    public static string? CounterOf(string variance) => variance.EndsWith(CheckpointFormat.VarianceSuffix, StringComparison.Ordinal)
        ? variance[..^CheckpointFormat.VarianceSuffix.Length] + CheckpointFormat.CounterSuffix
        : null;

    private static void CheckFit(StateDictionary file, (string Name, StateTensor Tensor)[] tensors, Func<string, bool> ignored)
    {
        HashSet<string> known = [.. tensors.Select(t => t.Name), .. tensors.Select(t => CounterOf(t.Name)).OfType<string>()];
        string[] missing = [.. tensors.Select(t => t.Name).Where(name => !file.Contains(name)).Select(CheckpointException.Quote)];
        string[] unexpected = [.. file.Entries.Select(e => e.Name).Where(name => !known.Contains(name) && !ignored(name))
            .Concat(file.Others).Select(CheckpointException.Quote)];
        string[] reshaped = [.. tensors.Where(t => file.Contains(t.Name)).Select(t => Reshaped(file[t.Name], t.Tensor)).OfType<string>()];
        if (missing.Length + unexpected.Length > 0)
        {
            string other = reshaped.Length > 0 ? "; " + List("of another shape", reshaped) : "";
            throw Misfit(file, $"does not fit the network: {List("missing", missing)}; {List("unexpected", unexpected)}{other}");
        }

        if (reshaped.Length > 0)
            throw Misfit(file, $"does not fit the network: {List("of another shape", reshaped)}");
    }

    private static string? Reshaped(StateEntry entry, StateTensor tensor)
    {
        long[] wanted = Array.ConvertAll(tensor.Layout.Shape.ToArray(), d => (long)d);
        return entry.Shape.AsSpan().SequenceEqual(wanted)
            ? null
            : $"{entry.Name} has shape [{string.Join(',', entry.Shape)}], the network wants {tensor.Layout.Shape}";
    }

    private static void CheckType(StateDictionary file, StateEntry entry)
    {
        if (entry.Type is not (SafetensorsType.F32 or SafetensorsType.F64 or SafetensorsType.F16 or SafetensorsType.BF16))
        {
            throw new CheckpointException(CheckpointFault.WrongType, file.File,
                $"{entry.Name} is {entry.Type.FileName()}, not F32, F64, F16 or BF16");
        }
    }

    private static string List(string what, string[] items) => items.Length == 0
        ? $"nothing {what}"
        : string.Create(CultureInfo.InvariantCulture, $"{items.Length} {what} ({string.Join(", ", items.Take(MostListed))}")
            + (items.Length > MostListed ? ", ...)" : ")");

    private static CheckpointException Misfit(StateDictionary file, string what) => new(CheckpointFault.OtherNetwork, file.File, what);
}
