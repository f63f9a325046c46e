namespace ReSTE.Native.Images.Shards;

/// <summary>
/// The row groups of images that are kept, of both parts of a set together: all of them where memory allows it, or else those that were
/// asked for last.
/// </summary>
/// <param name="budget">Bytes of images to keep at most, but for the row group that was asked for last.</param>
internal sealed class ShardCache(long budget)
{
    private readonly LinkedList<ShardGroup> _kept = new();
    private long _bytes;

    /// <summary>Bytes that are kept.</summary>
    public long BytesKept => Interlocked.Read(ref _bytes);

    /// <summary>The images of a row group; null where they are not kept.</summary>
    public byte[][]? Find(ShardGroup group)
    {
        lock (_kept)
        {
            if (group.Place is not { } place)
                return null;
            if (place != _kept.Last)
            {
                _kept.Remove(place);
                _kept.AddLast(place);
            }
            return group.Images;
        }
    }

    /// <summary>Keeps a row group's images, and lets go of others where there are too many.</summary>
    public void Keep(ShardGroup group, byte[][] images)
    {
        lock (_kept)
        {
            group.Bytes = images.Sum(image => (long)image.Length);
            group.Images = images;
            group.Place = _kept.AddLast(group);
            for (_bytes += group.Bytes; _bytes > budget && _kept.First is { } oldest && oldest.Value != group; _kept.RemoveFirst())
            {
                _bytes -= oldest.Value.Bytes;
                (oldest.Value.Images, oldest.Value.Place) = (null, null);
            }
        }
    }
}

/// <summary>A row group, and its images while the cache keeps them.</summary>
internal sealed class ShardGroup(ShardFile file, int index)
{
    public ShardFile File => file;

    public int Index => index;

    public byte[][]? Images { get; set; }

    public LinkedListNode<ShardGroup>? Place { get; set; }

    public long Bytes { get; set; }
}
