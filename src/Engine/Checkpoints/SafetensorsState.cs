using System.Globalization;

namespace ReSTE.Native.Checkpoints;

/// <summary>A safetensors file as a state dictionary, and a state dictionary as a safetensors file.</summary>
internal static class SafetensorsState
{
    /// <summary>The strings that a state dictionary's own numbers are kept in, as in PyTorch's file of the published trainer.</summary>
    public const string ModelKey = "model", EpochKey = "epoch", BestKey = "best_prec1";

    private const string FormatKey = "format", PyTorchFormat = "pt", OwnFormats = "reste-";

    /// <summary>The file's tensors. What its strings say of a training is read where it is no training of this program.</summary>
    public static StateDictionary Of(SafetensorsFile file)
    {
        var entries = new OrderedDictionary<string, StateEntry>(file.Tensors.Count);
        foreach (SafetensorsEntry tensor in file.Tensors)
        {
            ReadOnlyMemory<byte> bytes = file.Memory(tensor.Name);
            entries.Add(tensor.Name, new(tensor.Name, tensor.Type, tensor.Shape, TensorView.Whole(bytes, tensor.Shape.AsSpan())));
        }

        // A network of the caller's own may be called so.
        bool isOwn = file.Metadata.GetValueOrDefault(FormatKey)?.StartsWith(OwnFormats, StringComparison.Ordinal) == true;
        string prefix = isOwn ? "" : StateNames.CutPrefix(ref entries);
        bool saysSo = file.Metadata.GetValueOrDefault(FormatKey) == PyTorchFormat;
        return new StateDictionary(file.Name, CheckpointForm.Safetensors, entries)
        {
            Safetensors = file,
            Prefix = prefix,
            Model = saysSo ? file.Metadata.GetValueOrDefault(ModelKey) : null,
            Epoch = saysSo && int.TryParse(file.Metadata.GetValueOrDefault(EpochKey), NumberStyles.None, CultureInfo.InvariantCulture,
                out int epoch) ? epoch : null,
            BestTop1 = saysSo && double.TryParse(file.Metadata.GetValueOrDefault(BestKey), CultureInfo.InvariantCulture, out double best)
                ? best : null,
        };
    }

    /// <summary>Writes a state dictionary as PyTorch's users write one, atomically.</summary>
    public static void Save(StateDictionary state, string path)
    {
        var writer = new SafetensorsWriter();
        writer.AddMetadata(FormatKey, PyTorchFormat);
        if (state.Model is { } model)
            writer.AddMetadata(ModelKey, model);
        if (state.Epoch is { } epoch)
            writer.AddMetadata(EpochKey, epoch.ToString(CultureInfo.InvariantCulture));
        if (state.BestTop1 is { } best)
            writer.AddMetadata(BestKey, best.ToString("R", CultureInfo.InvariantCulture));
        foreach (StateEntry entry in state.Entries)
        {
            if (entry.Name == SafetensorsHeader.MetadataKey)
                throw Unfit(state, $"has a tensor called {CheckpointException.Quote(entry.Name)}, which no safetensors file can have");
            writer.Add(entry.Name, entry.Type, entry.Shape.AsSpan(), state.Bytes(entry.Name));
        }

        try
        {
            writer.Save(path);
        }
        catch (InvalidOperationException problem)
        {
            throw Unfit(state, $"does not fit a safetensors file: {problem.Message}");
        }
    }

    private static CheckpointException Unfit(StateDictionary state, string what) => new(CheckpointFault.WrongType, state.File, what);
}
