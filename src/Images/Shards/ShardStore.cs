using ReSTE.Native.Datasets;
using ReSTE.Native.Images.Folders;

namespace ReSTE.Native.Images.Shards;

/// <summary>
/// The encoded images of one part's shards by their number, in the order of the files. A row group is read whole when an image of it is
/// asked for, and kept: all of them where memory allows it, or else those that were asked for last.
/// </summary>
internal sealed class ShardStore
{
    private readonly ShardFile[] _files;
    private readonly Group[] _groups;
    private readonly int[] _firsts;
    private readonly long _budget;
    private readonly LinkedList<Group> _kept = new();
    private long _bytes;

    /// <summary>Reads the labels.</summary>
    /// <param name="files">The shards.</param>
    /// <param name="budget">Bytes of images to keep at most, but for the row group that was asked for last.</param>
    public ShardStore(IReadOnlyList<ShardFile> files, long budget)
    {
        (_files, _budget) = ([.. files], budget);
        var (labels, groups, firsts) = (new List<int>(), new List<Group>(), new List<int>());
        foreach (var file in files)
        {
            for (int group = 0; group < file.Groups; group++)
            {
                firsts.Add(labels.Count);
                groups.Add(new Group(file, group));
                labels.AddRange(file.ReadLabels(group));
            }
        }
        (Labels, _groups, _firsts) = ([.. labels], [.. groups], [.. firsts]);
    }

    /// <summary>The label of every image.</summary>
    public int[] Labels { get; }

    /// <summary>The shards.</summary>
    public IReadOnlyList<ShardFile> Files => _files;

    /// <summary>Bytes that are kept.</summary>
    public long BytesKept => Interlocked.Read(ref _bytes);

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
        byte[] content = (_groups[group].Images ?? Load(_groups[group]))[image - _firsts[group]];
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

    private byte[][] Load(Group group)
    {
        lock (group)
        {
            if (group.Images is { } already)
                return already;
            byte[][] images = group.File.ReadImages(group.Index);
            lock (_kept)
            {
                group.Bytes = images.Sum(image => (long)image.Length);
                group.Images = images;
                _kept.AddLast(group);
                for (_bytes += group.Bytes; _bytes > _budget && _kept.First is { } oldest && oldest.Value != group; _kept.RemoveFirst())
                {
                    _bytes -= oldest.Value.Bytes;
                    oldest.Value.Images = null;
                }
            }
            return images;
        }
    }

    /// <summary>A row group, and its images while they are kept.</summary>
    private sealed class Group(ShardFile file, int index)
    {
        private volatile byte[][]? _images;

        public ShardFile File => file;

        public int Index => index;

        public byte[][]? Images
        {
            get => _images;
            set => _images = value;
        }

        public long Bytes { get; set; }
    }
}
