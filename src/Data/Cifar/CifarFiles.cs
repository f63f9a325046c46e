using ReSTE.Native.Datasets;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Data.Cifar;

/// <summary>What was read of a set.</summary>
/// <param name="Form">In which form it was found.</param>
/// <param name="Batches">The batches for training in order, then the one for testing.</param>
/// <param name="Notice">Why it was not read where it was looked for first; null where it was.</param>
internal sealed record CifarContent(CifarForm Form, CifarBatch[] Batches, string? Notice = null);

/// <summary>
/// Finds a set's batches: in an archive where the path is a file, else in the folder, where of several forms the first of these counts: the
/// unpacked folder of Python's form, that of the binary form, batch files in the folder itself (Python's, then binary), the archive of
/// Python's form, that of the binary form. Where files are missing or cut short beside an archive, as unpacking that was broken off leaves
/// them, the archive counts.
/// </summary>
internal static class CifarFiles
{
    /// <summary>A place where all batches should be, and how to read it.</summary>
    private sealed record Place(string Path, bool IsArchive, IReadOnlyList<string> Files, Func<CifarContent> Read);

    /// <summary>How many bytes the set's files have that would be read, which its images take at least; 0 where there are none.</summary>
    public static long Bytes(string path, CifarSet set)
    {
        try
        {
            bool? isFolder = BatchFile.IsFolder(path);
            IReadOnlyList<string> files = isFolder switch
            {
                false => [path],
                true => Places(path, set).FirstOrDefault()?.Files ?? [],
                null => [],
            };
            return files.Select(file => new FileInfo(file)).Where(file => file.Exists).Sum(file => file.Length);
        }
        catch (Exception e) when (e is DatasetException or IOException or UnauthorizedAccessException)
        {
            // Whoever reads them says what is wrong.
            return 0;
        }
    }

    /// <summary>The set, from where it is found first.</summary>
    public static CifarContent Read(string path, CifarSet set) => BatchFile.IsFolder(path) switch
    {
        false => CifarArchive.Read(path, set),
        true when Places(path, set).FirstOrDefault() is { } first => Read(first, () => Archives(path, set)),
        _ => throw Missing(path, set),
    };

    private static CifarContent Read(Place place, Func<IEnumerable<Place>> archives)
    {
        try
        {
            return place.Read();
        }
        catch (DatasetException refusal) when (!place.IsArchive && refusal.Kind is DatasetFault.Damaged or DatasetFault.Missing)
        {
            if (archives().FirstOrDefault(archive => !archive.Path.EndsWith(".zip", StringComparison.Ordinal)) is not { } archive)
                throw;
            string what = refusal.Kind == DatasetFault.Missing ? "missing" : "damaged";
            string notice = $"{OneLine.Of(refusal.File ?? place.Path)} is {what}: {OneLine.Of(archive.Path)} is read instead";
            return archive.Read() with { Notice = notice };
        }
    }

    private static IEnumerable<Place> Places(string path, CifarSet set) =>
    [
        .. set.Forms.Where(form => BatchFile.IsFolder(Path.Combine(path, form.Folder)) == true)
            .Select(form => Unpacked(Path.Combine(path, form.Folder), form, set)),
        .. set.Forms.Where(form => form.Files.Any(file => BatchFile.IsFolder(Path.Combine(path, file.Name)) == false))
            .Select(form => Unpacked(path, form, set)),
        .. Archives(path, set),
    ];

    private static Place Unpacked(string folder, CifarForm form, CifarSet set) => new(folder, IsArchive: false,
        [.. form.Files.Select(file => Path.Combine(folder, file.Name))], () => new(form,
        [.. form.Files.Select(file => BatchFile.Read(Path.Combine(folder, file.Name), file.MostBytesRewritten, form, set))]));

    /// <summary>The archives in a folder, and those beside it where it is the one that they make.</summary>
    private static IEnumerable<Place> Archives(string path, CifarSet set)
    {
        string whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        bool isUnpacked = set.Forms.Any(form => Path.GetFileName(whole) == form.Folder);
        string[] folders = isUnpacked && Path.GetDirectoryName(whole) is { } parent ? [path, parent] : [path];
        return from folder in folders
               from form in set.Forms
               from name in form.Archives
               let archive = Path.Combine(folder, name)
               where BatchFile.IsFolder(archive) == false
               select new Place(archive, IsArchive: true, [archive], () => CifarArchive.Read(archive, set));
    }

    private static DatasetException Missing(string path, CifarSet set)
    {
        string folder = OneLine.Of(path);
        if (CifarSet.All.FirstOrDefault(other => other != set && Places(path, other).Any()) is { } other)
            return new(DatasetFault.OtherDataset, $"no {set.Title} found in {folder}, which holds {other.Title}")
            {
                File = path,
                Dataset = other.Name,
            };
        string Looked(Func<CifarForm, string> name) =>
            string.Join(" and ", set.Forms.Select(form => OneLine.Of(Path.Combine(path, name(form)))));
        return new(DatasetFault.Missing,
            $"no {set.Title} found: looked for the folders {Looked(form => form.Folder)}, for batch files in {folder}, "
            + $"and for the archives {Looked(form => form.Archive)}; "
            + $"download {set.Python.Archive} from {CifarSet.Source} into {folder}")
        {
            File = path,
        };
    }
}
