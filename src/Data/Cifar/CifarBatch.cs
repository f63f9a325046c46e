namespace ReSTE.Native.Data.Cifar;

/// <summary>
/// One batch as its file holds it: image i lies at <paramref name="Start"/> + i x <paramref name="Stride"/> of the file's bytes,
/// as a plane of 32 x 32 red values, then green, then blue.
/// </summary>
internal sealed record CifarBatch(byte[] File, int Start, int Stride, byte[] Labels)
{
    public const int Side = 32, Channels = 3, Plane = Side * Side, ImageBytes = Plane * Channels;

    /// <summary>What the file is called in messages.</summary>
    public string Path { get; init; } = "";

    /// <summary>What the batch calls itself; null where it says nothing.</summary>
    public string? Title { get; init; }

    /// <summary>The <see cref="FileSum"/> of the file's bytes, which is being computed beside other work.</summary>
    public Task<string> Sum { get; init; } = Task.FromResult("");

    public int Count => Labels.Length;

    /// <summary>Writes image <paramref name="index"/> as [height, width, channels].</summary>
    public void CopyTo(int index, Span<byte> pixels) => Planes.Interleave(File.AsSpan(Start + index * Stride, ImageBytes), pixels);

    /// <summary>How many images are of one value in all their bytes: no photograph is.</summary>
    public int CountBlank()
    {
        int blank = 0;
        for (int i = 0; i < Count; i++)
        {
            var planes = File.AsSpan(Start + i * Stride, ImageBytes);
            blank += planes.ContainsAnyExcept(planes[0]) ? 0 : 1;
        }

        return blank;
    }
}
