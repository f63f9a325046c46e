using System.Buffers.Binary;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Pickles;

namespace ReSTE.Native.StateFiles;

/// <summary>Reads what <c>torch.save</c> writes, in both of its forms.</summary>
internal static class TorchFile
{
    private const string PickleName = "data.pkl", ByteOrderName = "byteorder";
    private const int Protocol = 1001;

    /// <summary>The number a stream begins with, as pickled.</summary>
    private static ReadOnlySpan<byte> Magic => [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

    /// <summary>The zip form: a pickle, whose tensors' storages are members of their own, all under one folder of any name.</summary>
    public static StateDictionary ReadZip(string file, byte[] bytes)
    {
        var zip = new ZipArchiveBytes(file, bytes);
        // In the first folder there is, or in none.
        ZipMember[] pickles = [.. zip.Members.Where(m => m.Name.Split('/') is [PickleName] or [_, PickleName])];
        if (pickles is not [var pickle])
        {
            throw new CheckpointException(CheckpointFault.NotACheckpoint, file,
                $"is a zip archive with {pickles.Length} members called {PickleName}, not a PyTorch file");
        }

        string folder = pickle.Name[..^PickleName.Length];
        if (zip.Find(folder + ByteOrderName) is { } order && !zip.Read(order).Span.SequenceEqual("little"u8))
            throw new CheckpointException(CheckpointFault.WrongType, file, "was saved on a machine of the other byte order");
        zip.Read(pickle);
        PickleResult result = Run(file, bytes, pickle.Start, pickle.Name + " at ");
        if (result.End != pickle.Start + pickle.Length)
            throw Damaged(file, $"{pickle.Name} ends at {result.End - pickle.Start} of its {pickle.Length} bytes");
        var storages = new TorchStorages(file);
        foreach (TorchStorage storage in result.Persistent.Select(which => TorchStorage.Of(which, file)))
        {
            if (storages.Contains(storage.Key))
                continue;
            ZipMember member = zip.Find($"{folder}data/{storage.Key}")
                ?? throw Damaged(file, $"has no member {CheckpointException.Quote($"{folder}data/{storage.Key}")}");
            storages.Add(storage, zip.Read(member));
        }

        return Root(file, CheckpointForm.PyTorchZip, new(file, bytes.Length, storages), result.Value);
    }

    /// <summary>
    /// The stream form: pickles of the magic number, a protocol number, facts about the machine, what was saved, and the keys of the
    /// storages; then each storage, as the number of its elements and their bytes.
    /// </summary>
    public static StateDictionary ReadStream(string file, byte[] bytes)
    {
        PickleResult magic = Run(file, bytes, 0, "");
        if (!magic.Value.Bytes.SequenceEqual(Magic))
            throw new CheckpointException(CheckpointFault.NotACheckpoint, file, "is a Python pickle, but none that PyTorch saved");
        PickleResult protocol = Run(file, bytes, magic.End, "");
        if (protocol.Value.Integer is not Protocol)
            throw new CheckpointException(CheckpointFault.NewerFormat, file, $"is PyTorch's protocol {protocol.Value}, not {Protocol}");
        PickleResult facts = Run(file, bytes, protocol.End, "");
        if (facts.Value.Dictionary?.Find("little_endian")?.Integer is 0)
            throw new CheckpointException(CheckpointFault.WrongType, file, "was saved on a machine of the other byte order");
        PickleResult saved = Run(file, bytes, facts.End, ""), keys = Run(file, bytes, saved.End, "");
        TorchStorages storages = Storages(file, bytes, saved, keys);
        return Root(file, CheckpointForm.PyTorchStream, new(file, bytes.Length, storages), saved.Value);
    }

    private static TorchStorages Storages(string file, byte[] bytes, PickleResult saved, PickleResult keys)
    {
        var known = new Dictionary<string, TorchStorage>();
        foreach (TorchStorage storage in saved.Persistent.Select(which => TorchStorage.Of(which, file)))
            known.TryAdd(storage.Key, storage);
        var storages = new TorchStorages(file);
        int at = keys.End;
        foreach (PickleValue key in keys.Value.List ?? throw Damaged(file, $"has {keys.Value} where a list of storages should be"))
        {
            if (key.Text() is not { } name || !known.TryGetValue(name, out TorchStorage storage) || storages.Contains(name))
                throw Damaged(file, "has a storage that no tensor speaks of, or twice");
            long count = bytes.Length - at >= sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at)) : -1;
            at += sizeof(long);
            if (count != storage.Count || storage.Bytes is not { } length || length > bytes.Length - at)
            {
                throw Damaged(file, $"has the storage {CheckpointException.Quote(name)} of {storage.Count} elements, which is cut short or "
                    + "of another size");
            }

            storages.Add(storage, bytes.AsMemory(at, (int)length));
            at += (int)length;
        }

        return at == bytes.Length ? storages : throw Damaged(file, $"has {bytes.Length - at} bytes after its last storage");
    }

    private static StateDictionary Root(string file, CheckpointForm form, TorchTensors tensors, PickleValue root)
    {
        try
        {
            return new TorchRoot(file, form, tensors).Read(root);
        }
        catch (PickleException refusal)
        {
            throw Damaged(file, refusal.Message);
        }
    }

    private static PickleResult Run(string file, byte[] bytes, int start, string where)
    {
        try
        {
            return PickleMachine.Run(bytes, start, TorchNames.Rules);
        }
        catch (PickleException refusal)
        {
            throw refusal.ForbiddenName is null
                ? Damaged(file, where + refusal.Message)
                : new CheckpointException(CheckpointFault.Forbidden, file, $"{where}{refusal.Message}; nothing of it was run");
        }
    }

    private static CheckpointException Damaged(string file, string what) => new(CheckpointFault.Damaged, file, what);
}
