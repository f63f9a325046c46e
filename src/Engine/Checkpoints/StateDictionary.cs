namespace ReSTE.Native.Checkpoints;

/// <summary>
/// The tensors of a checkpoint by name, whatever program wrote the file and in whichever form: what lies between the forms and the
/// networks. Numbers are read when they are asked for.
/// </summary>
public sealed class StateDictionary
{
    private readonly OrderedDictionary<string, StateEntry> _entries;

    internal StateDictionary(string file, CheckpointForm form, OrderedDictionary<string, StateEntry> entries) =>
        (File, Form, _entries) = (file, form, entries);

    /// <summary>The file, as the user named it.</summary>
    public string File { get; }

    /// <summary>How it holds the tensors.</summary>
    public CheckpointForm Form { get; }

    /// <summary>The tensors, in the file's order.</summary>
    public IReadOnlyList<StateEntry> Entries => _entries.Values;

    /// <summary>What every name in the file begins with and no name here, such as "module." after training on several GPUs.</summary>
    public string Prefix { get; internal init; } = "";

    /// <summary>Names of entries beside the tensors that are something else, which no network has a place for.</summary>
    public IReadOnlyList<string> Others { get; internal init; } = [];

    /// <summary>The network, where the file names it.</summary>
    public string? Model { get; internal init; }

    /// <summary>Epochs trained, where the file says so; the next one has this number, from 0.</summary>
    public int? Epoch { get; internal init; }

    /// <summary>Highest top-1 on the test images, in percent, where the file says so.</summary>
    public double? BestTop1 { get; internal init; }

    /// <summary>The file itself, where it is one of safetensors.</summary>
    internal SafetensorsFile? Safetensors { get; init; }

    /// <summary>A tensor by name.</summary>
    /// <exception cref="CheckpointException">There is no such tensor.</exception>
    public StateEntry this[string name] => _entries.TryGetValue(name, out var entry)
        ? entry
        : throw new CheckpointException(CheckpointFault.Incomplete, File, $"has no tensor {CheckpointException.Quote(name)}");

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>A tensor's numbers, row-major and little-endian; a copy where the file has them in another order.</summary>
    /// <exception cref="CheckpointException">There is no such tensor.</exception>
    public ReadOnlyMemory<byte> Bytes(string name)
    {
        StateEntry entry = this[name];
        return entry.View.Bytes(entry.Shape.AsSpan(), entry.Type.Size());
    }

    /// <summary>A tensor's numbers as float64, from any float or integer type; only 64-bit integers beyond 2^53 are rounded.</summary>
    /// <exception cref="CheckpointException">There is no such tensor, or its type has no such form.</exception>
    public double[] ReadFloat64(string name) => SafetensorsValues.ToFloat<double>(this[name].Type, Bytes(name).Span)
        ?? throw new CheckpointException(CheckpointFault.WrongType, File,
            $"the tensor {CheckpointException.Quote(name)} is {this[name].Type.FileName()}, which cannot be read as float64");
}
