using ReSTE.Native.Data.Archives;
using ReSTE.Native.Datasets;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Data.Cifar;

/// <summary>
/// Reads a set's batches out of one of its archives without unpacking it. The first batch that comes says which form it is; members that
/// are no batch of that form are stepped over.
/// </summary>
internal sealed class CifarArchive
{
    // For the members that are no batches, and tar's headers: the official archives have less than 64 KiB of both.
    private const long MostOfTheRest = 1 << 20;

    private readonly string _path;
    private readonly CifarSet _set;
    private readonly TarFile _tar;
    private CifarForm? _form;
    private CifarBatch?[] _batches = [];
    private CifarSet? _other;

    private CifarArchive(ArchiveBytes file, string path, CifarSet set) => (_path, _set, _tar) = (path, set, new TarFile(file, Refuse));

    /// <summary>Reads an archive's batches.</summary>
    public static CifarContent Read(string path, CifarSet set) => BatchFile.With(path, file => Read(file, path, set));

    /// <summary>Reads an archive out of a stream; the path is for messages only.</summary>
    public static CifarContent Read(Stream file, string path, CifarSet set)
    {
        using var bytes = Bytes(file, path, set);
        return new CifarArchive(bytes, path, set).Read();
    }

    /// <summary>Whether the file is compressed shows at its start, whatever its name says.</summary>
    private static ArchiveBytes Bytes(Stream file, string path, CifarSet set)
    {
        DatasetException Refuse(string what, Exception? cause) => set.Damaged(path, what, cause);
        long most = set.Forms.Max(form => form.Files.Sum(batch => (long)batch.MostBytesRewritten)) + MostOfTheRest;
        Span<byte> block = stackalloc byte[TarHeader.Block];
        var start = block[..file.ReadAtLeast(block, block.Length, throwOnEndOfStream: false)];
        file.Seek(0, SeekOrigin.Begin);
        if (InflatedFile.Is(start))
            return new InflatedFile(file, most, Refuse);
        return TarFile.Is(start) ? new PlainFile(file, most, Refuse) : throw NoArchive(path, start, file.Length, set);
    }

    private static DatasetException NoArchive(string path, ReadOnlySpan<byte> start, long length, CifarSet set)
    {
        if (start.IsEmpty)
            return set.Damaged(path, "the file is empty");
        if (ForeignFile.Of(start) is var (what, advice))
            return OtherForm($"it is {what}, which cannot be read: {advice}");
        if (IsBatch(path, start, length, set))
            return OtherForm($"it is a single batch of {set.Title}: give the folder that holds every batch, or an archive");
        return set.Damaged(path, "it is neither a gzip file nor a tar archive");

        DatasetException OtherForm(string what) => new(DatasetFault.OtherForm, $"{OneLine.Of(path)}: {what}") { File = path };
    }

    /// <summary>Whether it looks like an unpacked batch: by its name, as a pickle of a dictionary, or as records.</summary>
    private static bool IsBatch(string path, ReadOnlySpan<byte> start, long length, CifarSet set)
    {
        int record = CifarBinary.RecordBytes(set);
        return CifarSet.All.SelectMany(any => any.Forms).SelectMany(form => form.Files).Any(file => file.Name == Path.GetFileName(path))
            || start is [0x80, >= 2 and <= 5, ..]
            || (length % record == 0 && start[record - CifarBatch.ImageBytes - 1] < set.Classes);
    }

    private CifarContent Read()
    {
        while (_tar.Next() is { } member)
        {
            if (Find(member.Name) is var (form, index))
                Take(form, index);
            else
                _other ??= CifarSet.All.FirstOrDefault(set => set != _set && set.Forms.Any(form => IsIn(form.Folder, member.Name)));
        }

        if (_form is null)
            throw NoBatch();
        int missing = Array.IndexOf(_batches, null);
        return missing < 0 ? new(_form, [.. _batches.OfType<CifarBatch>()]) : throw Refuse($"it has no member '{Member(_form, missing)}'");
    }

    private void Take(CifarForm form, int index)
    {
        _form ??= form;
        if (_form != form)
            return;
        if (_batches.Length == 0)
            _batches = new CifarBatch?[form.Files.Count];
        if (_batches[index] is not null)
            throw Refuse($"it has member '{Member(form, index)}' twice");
        byte[] content = _tar.Content(form.Files[index].MostBytesRewritten);
        _batches[index] = form.Parse(content, $"{_path}: {Member(form, index)}", _set);
    }

    private (CifarForm Form, int Index)? Find(string name)
    {
        foreach (var form in _set.Forms)
        {
            for (int i = 0; i < form.Files.Count; i++)
            {
                if (name == Member(form, i))
                    return (form, i);
            }
        }

        return null;
    }

    private static bool IsIn(string folder, string name) => name.StartsWith(folder + '/', StringComparison.Ordinal);

    private static string Member(CifarForm form, int index) => $"{form.Folder}/{form.Files[index].Name}";

    private DatasetException NoBatch() => _other is { } other
        ? new(DatasetFault.OtherDataset, $"{OneLine.Of(_path)}: it holds {other.Title} where {_set.Title} was expected")
        {
            File = _path,
            Dataset = other.Name,
        }
        : Refuse($"it holds no batch, neither '{Member(_set.Python, 0)}' nor '{Member(_set.Binary, 0)}'");

    private DatasetException Refuse(string what, Exception? cause = null) => _set.Damaged(_path, what, cause);
}
