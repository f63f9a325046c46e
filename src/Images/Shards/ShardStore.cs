using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Folders;

namespace ReSTE.Native.Images.Shards;

/// <summary>
/// The encoded images of one part's shards by their number, in the order of the files. A row group is read whole when an image of it is
/// asked for, and kept in a cache.
/// </summary>
internal sealed class ShardStore
{
    private readonly ShardFile[] _files;
    private readonly ShardGroup[] _groups;
    private readonly int[] _firsts;
    private readonly ShardCache _cache;

    // Row groups are large: one is read at a time, however many threads ask.
    private readonly object _loading = new();

    /// <summary>Reads the labels.</summary>
    /// <param name="files">The shards.</param>
    /// <param name="cache">Keeps their images.</param>
    public ShardStore(IReadOnlyList<ShardFile> files, ShardCache cache)
    {
        (_files, _cache) = ([.. files], cache);
        var (labels, groups, firsts) = (new List<int>(), new List<ShardGroup>(), new List<int>());
        foreach (var file in files)
        {
            for (int group = 0; group < file.Groups; group++)
            {
                firsts.Add(labels.Count);
                groups.Add(new ShardGroup(file, group));
                labels.AddRange(file.ReadLabels(group));
            }
        }
        (Labels, _groups, _firsts) = ([.. labels], [.. groups], [.. firsts]);
    }

    /// <summary>The label of every image.</summary>
    public int[] Labels { get; }

    /// <summary>The shards.</summary>
    public IReadOnlyList<ShardFile> Files => _files;

    /// <summary>Where an image lies: its file, and its row there among those of its row group.</summary>
    public (string Path, string Row) PlaceOf(int image)
    {
        int group = GroupOf(image);
        return (_groups[group].File.Path, FormattableString.Invariant($"row {image - _firsts[group]} of row group {_groups[group].Index}"));
    }

    /// <summary>The content of an image.</summary>
    /// <exception cref="DatasetException">The file cannot be read or is damaged, or has no bytes for the image.</exception>
    public byte[] Read(int image)
    {
        int group = GroupOf(image);
        byte[] content = (_cache.Find(_groups[group]) ?? Load(_groups[group]))[image - _firsts[group]];
        return content.Length > 0 ? content : throw FolderTrouble.Of(DatasetFault.OtherForm, _groups[group].File.Path,
            $"{PlaceOf(image).Row} has no bytes: images that are only named are not fetched");
    }

    private int GroupOf(int image)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(image);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(image, Labels.Length);
        int found = Array.BinarySearch(_firsts, image);
        // Of row groups without rows that begin with the next one's image, the last.
        while (found >= 0 && found + 1 < _firsts.Length && _firsts[found + 1] == image)
            found++;
        return found >= 0 ? found : ~found - 1;
    }

    private byte[][] Load(ShardGroup group)
    {
        lock (_loading)
        {
            if (_cache.Find(group) is { } already)
                return already;
            byte[][] images = group.File.ReadImages(group.Index);
            _cache.Keep(group, images);
            return images;
        }
    }
}
