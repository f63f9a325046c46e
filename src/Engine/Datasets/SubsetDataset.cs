using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ReSTE.Native.Datasets;

/// <summary>Some images of a data set by their numbers there; image i is the whole set's image <c>numbers[i]</c>.</summary>
internal sealed class SubsetDataset(Dataset whole, int[] numbers) : Dataset
{
    public override string Name => whole.Name;
    public override int Count => numbers.Length;
    public override int Classes => whole.Classes;
    public override ImageShape Shape => whole.Shape;
    public override bool IsStreamed => whole.IsStreamed;

    public override int Read(int index, Span<byte> pixels) => whole.Read(numbers[index], pixels);

    public override int ReadAugmented(int index, ulong seed, int epoch, Span<byte> pixels) =>
        whole.ReadAugmented(numbers[index], seed, epoch, pixels);

    /// <summary>By the whole set's own, so that a set too large to be read for it is not read here either, and by the numbers.</summary>
    public override string Identity(int count, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(whole.Identity(whole.Count, stop) + "\n"));
        hash.AppendData(MemoryMarshal.AsBytes(numbers.AsSpan(0, Math.Min(count, numbers.Length))));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
