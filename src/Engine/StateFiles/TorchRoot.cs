using ReSTE.Native.Checkpoints;
using ReSTE.Native.Pickles;

namespace ReSTE.Native.StateFiles;

/// <summary>
/// Finds the state dictionary in what a program saved: it is the whole, or stands under one of the names that trainers use. The published
/// trainer saves <c>{epoch, model, state_dict, best_prec1, parameters}</c>.
/// </summary>
internal sealed class TorchRoot(string file, CheckpointForm form, TorchTensors tensors)
{
    private const int Deepest = 3;

    private static readonly string[] s_wrappers =
        ["state_dict", "model_state_dict", "model", "net", "network", "weights", "module"];

    // One dictionary can stand under any number of keys: each is looked through once.
    private readonly HashSet<(PickleDictionary Dictionary, int Depth)> _searched = [];
    private readonly Dictionary<PickleDictionary, bool> _holders = [];

    /// <summary>The state dictionary, with what is said of it beside.</summary>
    public StateDictionary Read(PickleValue root)
    {
        if (root.Dictionary is not { } whole)
            throw NotOne($"it holds {root}");
        PickleDictionary state = Find(whole, Deepest) ?? throw NotOne("no entry of it is a dictionary of tensors");
        var entries = new OrderedDictionary<string, StateEntry>(state.Count);
        var others = new OrderedDictionary<string, bool>();
        foreach (var (key, value) in state.Entries)
        {
            if (key.Bytes.Length > TorchNames.Longest)
                throw NotOne($"a key of it has {key.Bytes.Length} bytes");
            string name = key.Text() ?? throw NotOne($"a key of it is {key}");
            if (!TorchTensors.IsTensor(value))
                others[name] = true;
            else if (!entries.TryAdd(name, tensors.Entry(name, value)))
                throw new CheckpointException(CheckpointFault.Damaged, file, $"has the tensor {CheckpointException.Quote(name)} twice");
        }

        string prefix = StateNames.CutPrefix(ref entries);
        PickleDictionary beside = state == whole ? new() : whole;
        return new StateDictionary(file, form, entries)
        {
            Prefix = prefix,
            Others = [.. others.Keys],
            Model = beside.Find(SafetensorsState.ModelKey)?.Text(),
            Epoch = beside.Find(SafetensorsState.EpochKey)?.Integer is >= 0 and <= int.MaxValue and var epoch ? (int)epoch : null,
            BestTop1 = beside.Find(SafetensorsState.BestKey) is { } best ? Number(best) : null,
        };
    }

    /// <summary>The dictionary under a known name, itself where it has tensors, or its only dictionary of tensors.</summary>
    private PickleDictionary? Find(PickleDictionary dictionary, int depth)
    {
        if (depth == 0 || !_searched.Add((dictionary, depth)))
            return null;
        foreach (string wrapper in s_wrappers)
        {
            if (dictionary.Find(wrapper)?.Dictionary is { } inner && Find(inner, depth - 1) is { } found)
                return found;
        }

        if (HasTensors(dictionary))
            return dictionary;
        var holders = dictionary.Entries.Where(e => e.Value.Dictionary is { } inner && HasTensors(inner)).ToArray();
        if (holders.Length > 1)
        {
            string names = string.Join(", ", holders.Take(4).Select(Quoted));
            throw NotOne($"{holders.Length} entries of it are dictionaries of tensors: {names}");
        }

        return holders is [var only] ? only.Value.Dictionary : null;
    }

    private bool HasTensors(PickleDictionary dictionary)
    {
        if (!_holders.TryGetValue(dictionary, out bool has))
            _holders.Add(dictionary, has = dictionary.Entries.Any(e => TorchTensors.IsTensor(e.Value)));
        return has;
    }

    private static string Quoted((PickleValue Key, PickleValue Value) entry) => CheckpointException.Quote(entry.Key.Text() ?? "");

    /// <summary>A number as trainers save it: Python's, NumPy's, or a tensor of one element.</summary>
    private double? Number(PickleValue value)
    {
        if (TorchTensors.IsTensor(value) && tensors.Entry(SafetensorsState.BestKey, value) is { Count: 1 } entry)
            return SafetensorsValues.ToFloat<double>(entry.Type, entry.View.Bytes(entry.Shape.AsSpan(), entry.Type.Size()).Span)?[0];
        if (value.Call is not { Function.Name: "scalar", Arguments: [var type, var number] })
            return value.Double;
        PickleValue bytes = EncodedBytes.Plain(number);
        return (NumpyTypes.CodeOf(type), bytes.Length) switch
        {
            ("f8", sizeof(double)) => BitConverter.ToDouble(bytes.Bytes),
            ("f4", sizeof(float)) => BitConverter.ToSingle(bytes.Bytes),
            _ => null,
        };
    }

    private CheckpointException NotOne(string why) =>
        new(CheckpointFault.NotACheckpoint, file, $"is a PyTorch file without a dictionary of weights: {why}");
}
