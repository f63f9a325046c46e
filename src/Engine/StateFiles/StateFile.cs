using System.Buffers.Binary;
using System.Globalization;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.StateFiles;

/// <summary>
/// Files of named tensors in any form: safetensors, and what PyTorch saves, now (a zip archive) and before version 1.6 (a stream). Which
/// one a file is shows in its first bytes, whatever its name says.
/// </summary>
public static class StateFile
{
    // A tar archive is known by what stands this far in.
    private const int Telling = 512, TarMagicAt = 257;

    /// <summary>Reads a file. PyTorch's pickles are read as data: nothing they name is ever run, and unknown names are refused.</summary>
    /// <exception cref="CheckpointException">It is missing, unreadable, above 2 GB, damaged, or holds no dictionary of tensors.</exception>
    public static StateDictionary Open(string path) => CheckpointStream.With(path, stream =>
    {
        Span<byte> block = stackalloc byte[Telling];
        Span<byte> start = block[..stream.ReadAtLeast(block, Telling, throwOnEndOfStream: false)];
        CheckpointForm form = FormOf(path, start);
        if (form == CheckpointForm.Safetensors)
            return SafetensorsState.Of(SafetensorsFile.Open(path));
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)CheckpointStream.Length(path, stream));
        start.CopyTo(bytes);
        stream.ReadExactly(bytes, start.Length, bytes.Length - start.Length);
        return Read(form, path, bytes);
    });

    /// <summary>Reads a file that is already in memory.</summary>
    /// <param name="bytes">The whole file. It is not copied: the caller leaves it alone from here on.</param>
    /// <param name="name">What to call the file in messages.</param>
    /// <exception cref="CheckpointException">It is damaged, or holds no dictionary of tensors.</exception>
    public static StateDictionary Read(byte[] bytes, string name) =>
        Read(FormOf(name, bytes.AsSpan(0, Math.Min(bytes.Length, Telling))), name, bytes);

    /// <summary>Writes a state dictionary as safetensors, replacing an older file only when the new one is complete.</summary>
    /// <exception cref="CheckpointException">A tensor has a name that no such file can have, or the names are too long in all.</exception>
    /// <exception cref="IOException">The file cannot be written; the older one is untouched.</exception>
    public static void SaveSafetensors(StateDictionary state, string path) => SafetensorsState.Save(state, path);

    /// <summary>
    /// Writes a state dictionary as <c>torch.save</c> does, in the form of the published trainer's checkpoints: a dictionary of epoch,
    /// model, state_dict and best_prec1. <c>torch.load(weights_only=True)</c> opens it.
    /// </summary>
    /// <exception cref="CheckpointException">A tensor has a type that PyTorch has no storage for, or an endless name.</exception>
    /// <exception cref="IOException">
    /// The file cannot be written, or would be above 2 GB or of more than 65,535 members; an older one is untouched.
    /// </exception>
    public static void SavePyTorch(StateDictionary state, string path)
    {
        byte[] pickle = TorchPickle.Of(state);
        AtomicFile.Write(path, stream =>
        {
            using var zip = new ZipWriter(stream);
            zip.Add("archive/data.pkl", pickle);
            zip.Add("archive/byteorder", "little"u8);
            for (int i = 0; i < state.Entries.Count; i++)
            {
                string key = i.ToString(CultureInfo.InvariantCulture);
                zip.Add("archive/data/" + key, state.Bytes(state.Entries[i].Name).Span);
            }

            if (state.BestTop1 is { } best)
                zip.Add($"archive/data/{state.Entries.Count}", BitConverter.GetBytes(best));
            zip.Add("archive/version", "3\n"u8);
            zip.Finish();
        });
    }

    private static StateDictionary Read(CheckpointForm form, string name, byte[] bytes) => form switch
    {
        CheckpointForm.PyTorchZip => TorchFile.ReadZip(name, bytes),
        CheckpointForm.PyTorchStream => TorchFile.ReadStream(name, bytes),
        _ => SafetensorsState.Of(SafetensorsFile.Read(bytes, name)),
    };

    /// <summary>The form by the first bytes: those of safetensors are the length of a header that begins with a brace.</summary>
    private static CheckpointForm FormOf(string file, ReadOnlySpan<byte> start)
    {
        const int Prefix = SafetensorsFile.PrefixLength;
        if (start.Length > Prefix && start[Prefix] == (byte)'{'
            && BinaryPrimitives.ReadUInt64LittleEndian(start) <= SafetensorsFile.MaximumHeader)
            return CheckpointForm.Safetensors;
        if (ZipArchiveBytes.Is(start))
            return CheckpointForm.PyTorchZip;
        if (start is [0x80, >= 2 and <= 5, ..])
            return CheckpointForm.PyTorchStream;
        string? other = start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 8]) ? "a gzip file"
            : start.Length > TarMagicAt && start[TarMagicAt..].StartsWith("ustar"u8) ? "a tar archive"
            : start.StartsWith((ReadOnlySpan<byte>)[0x89, .. "HDF"u8]) ? "an HDF5 file"
            : null;
        return other is null
            ? CheckpointForm.Safetensors
            : throw new CheckpointException(CheckpointFault.NotACheckpoint, file, $"is {other}, no file of weights that can be read");
    }
}
