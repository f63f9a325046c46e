using ReSTE.Native.Checkpoints;
using ReSTE.Native.Pickles;

namespace ReSTE.Native.StateFiles;

/// <summary>A storage as a tensor speaks of it: which, the type of its elements where it has one, and their number.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">Its elements; null for bytes that the tensor gives a type.</param>
/// <param name="Count">How many.</param>
/// <param name="View">Where the tensor's part begins and how long it is, where old files share a storage so.</param>
internal readonly record struct TorchStorage(string Key, SafetensorsType? Type, long Count, (long Offset, long Count)? View)
{
    /// <summary>Bytes of an element.</summary>
    public int ElementSize => Type?.Size() ?? 1;

    /// <summary>Bytes in all; null where that is beyond counting.</summary>
    public long? Bytes => Count >= 0 && Count <= long.MaxValue / ElementSize ? Count * ElementSize : null;

    /// <summary>Reads ('storage', class, key, device, number of elements), to which old files add (key, offset, number) or None.</summary>
    /// <exception cref="CheckpointException">It is something else.</exception>
    public static TorchStorage Of(PickleValue[] which, string file)
    {
        if (which is not [var word, { Name: { } type }, var key, _, { Kind: PickleKind.Integer, Number: var count }, ..]
            || !word.Is("storage") || key.Bytes.Length > TorchNames.Longest || key.Text() is not { } name
            || (TorchNames.OfStorage(type) is null && type.Whole != TorchNames.Untyped))
        {
            throw new CheckpointException(CheckpointFault.Damaged, file, "has a tensor whose storage is described in an unknown manner");
        }

        (long, long)? view = which[^1].Tuple is [_, var start, var length] && start.Integer is { } offset && length.Integer is { } part
            ? (offset, part)
            : null;
        return new(name, TorchNames.OfStorage(type), count, view);
    }
}

/// <summary>The storages of a file by key.</summary>
internal sealed class TorchStorages(string file)
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _bytes = [];

    /// <summary>Whether a storage has been added.</summary>
    public bool Contains(string key) => _bytes.ContainsKey(key);

    /// <summary>Adds one, as large as it is said to be.</summary>
    /// <exception cref="CheckpointException">It is of another size.</exception>
    public void Add(TorchStorage storage, ReadOnlyMemory<byte> bytes)
    {
        CheckSize(storage, bytes);
        _bytes.Add(storage.Key, bytes);
    }

    /// <summary>The part of a storage that a tensor speaks of.</summary>
    /// <exception cref="CheckpointException">There is none, or of another size.</exception>
    public ReadOnlyMemory<byte> this[TorchStorage storage]
    {
        get
        {
            if (!_bytes.TryGetValue(storage.Key, out ReadOnlyMemory<byte> bytes))
                throw Damaged(storage, "which is not in the file");
            CheckSize(storage, bytes);
            if (storage.View is not var (offset, count))
                return bytes;
            return offset >= 0 && count >= 0 && offset <= storage.Count && count <= storage.Count - offset
                ? bytes.Slice((int)(offset * storage.ElementSize), (int)(count * storage.ElementSize))
                : throw Damaged(storage, $"of whose {storage.Count} elements {count} are wanted from {offset} on");
        }
    }

    private void CheckSize(TorchStorage storage, ReadOnlyMemory<byte> bytes)
    {
        if (storage.Bytes != bytes.Length)
        {
            throw Damaged(storage, $"said to have {storage.Count} elements of {storage.ElementSize} bytes, but the file holds "
                + $"{bytes.Length} bytes of it");
        }
    }

    private CheckpointException Damaged(TorchStorage storage, string what) =>
        new(CheckpointFault.Damaged, file, $"has the storage {CheckpointException.Quote(storage.Key)}, {what}");
}
