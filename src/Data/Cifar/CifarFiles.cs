using ReSTE.Native.Datasets;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Data.Cifar;

/// <summary>
/// Finds a set's batches: in an archive where the path is a file, else in the folder, where of several forms the first of these counts: the
/// unpacked folder of Python's form, that of the binary form, batch files in the folder itself (Python's, then binary), the archive of
/// Python's form, that of the binary form.
/// </summary>
internal static class CifarFiles
{
    /// <summary>The batches for training in order, then the one for testing.</summary>
    public static CifarBatch[] Read(string path, CifarSet set)
    {
        if (File.Exists(path))
            return CifarArchive.Read(path, set);
        var find = Find(path, set) ?? throw Missing(path, set);
        return find();
    }

    private static Func<CifarBatch[]>? Find(string path, CifarSet set)
    {
        foreach (var form in set.Forms)
        {
            if (Directory.Exists(Path.Combine(path, form.Folder)))
                return () => ReadFolder(Path.Combine(path, form.Folder), form, set);
        }

        foreach (var form in set.Forms)
        {
            if (form.Files.Any(file => File.Exists(Path.Combine(path, file.Name))))
                return () => ReadFolder(path, form, set);
        }

        foreach (var form in set.Forms)
        {
            if (File.Exists(Path.Combine(path, form.Archive)))
                return () => CifarArchive.Read(Path.Combine(path, form.Archive), set);
        }

        return null;
    }

    private static CifarBatch[] ReadFolder(string folder, CifarForm form, CifarSet set) =>
        [.. form.Files.Select(file => BatchFile.Read(Path.Combine(folder, file.Name), file.MostBytes, form, set))];

    private static DatasetException Missing(string path, CifarSet set)
    {
        string folder = OneLine.Of(path);
        if (CifarSet.All.FirstOrDefault(other => other != set && Find(path, other) is not null) is { } other)
            return new($"no {set.Title} found in {folder}, which holds {other.Title}: use --dataset {other.Name}");
        string Looked(Func<CifarForm, string> name) =>
            string.Join(" and ", set.Forms.Select(form => OneLine.Of(Path.Combine(path, name(form)))));
        return new(
            $"no {set.Title} found: looked for the folders {Looked(form => form.Folder)}, for batch files in {folder}, "
            + $"and for the archives {Looked(form => form.Archive)}; "
            + $"download {set.Python.Archive} from {CifarSet.Source} into {folder}, or use --dataset shapes");
    }
}
