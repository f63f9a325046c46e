using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ReSTE.Native.Datasets;

/// <summary>Some images of a data set by their numbers there; image i is the whole set's image <c>numbers[i]</c>.</summary>
internal sealed class SubsetDataset(WholeDataset set, int[] numbers) : Dataset
{
    private readonly Dataset _whole = set.Images;

    public override string Name => _whole.Name;
    public override int Count => numbers.Length;
    public override int Classes => _whole.Classes;
    public override ImageShape Shape => _whole.Shape;
    public override bool IsStreamed => _whole.IsStreamed;

    public override int Read(int index, Span<byte> pixels) => _whole.Read(numbers[index], pixels);

    public override int ReadAugmented(int index, ulong seed, int epoch, Span<byte> pixels) =>
        _whole.ReadAugmented(numbers[index], seed, epoch, pixels);

    /// <summary>By the whole set's own, so that a set too large to be read for it is not read here either, and by the numbers.</summary>
    public override string Identity(int count, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(set.Identity(stop) + "\n"));
        hash.AppendData(MemoryMarshal.AsBytes(numbers.AsSpan(0, Math.Min(count, numbers.Length))));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>A data set and its identity, which its parts share: to find it out may mean to read every image.</summary>
internal sealed class WholeDataset(Dataset images)
{
    private readonly Lock _gate = new();
    private string? _identity;

    public Dataset Images => images;

    /// <summary>Found out by the first that asks, while others wait; by the next one where that failed.</summary>
    public string Identity(CancellationToken stop)
    {
        lock (_gate)
            return _identity ??= images.Identity(images.Count, stop);
    }
}
