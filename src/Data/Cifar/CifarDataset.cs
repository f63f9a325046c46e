using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Cifar;

/// <summary>Batches one after another, kept as their files hold them.</summary>
internal sealed class CifarDataset(CifarSet set, CifarBatch[] batches) : Dataset
{
    public override string Name => set.Name;
    public override int Count { get; } = batches.Sum(batch => batch.Count);
    public override int Classes => set.Classes;
    public override ImageShape Shape => CifarSet.Shape;

    public override int Read(int index, Span<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        foreach (var batch in batches)
        {
            if (index < batch.Count)
            {
                batch.CopyTo(index, pixels);
                return batch.Labels[index];
            }

            index -= batch.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }
}
