namespace ReSTE.Native.Devices.Cpu;

/// <summary>Cuts working memory into parts that begin on cache lines; with a start of null it only measures.</summary>
internal unsafe struct MemoryParts(byte* start)
{
    /// <summary>Bytes of the parts so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Where the next part begins.</summary>
    public byte* Take(long bytes)
    {
        byte* part = start + Bytes;
        Bytes += (bytes + 63) / 64 * 64;
        return part;
    }
}
