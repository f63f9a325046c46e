using ReSTE.Native.Training;

namespace ReSTE.Native.Data.Cifar;

/// <summary>CIFAR-10 (Krizhevsky 2009): 60,000 photographs of 32 x 32 pixels in ten classes.</summary>
internal static class Cifar10
{
    /// <summary>Where the archive comes from.</summary>
    public const string Source = "https://www.cs.toronto.edu/~kriz/cifar.html";

    private static readonly ImageShape Shape = new(CifarBatch.Side, CifarBatch.Side, CifarBatch.Channels);

    public static DataSplits Open(string path)
    {
        var folder = CifarFolder.Find(path);
        return new DataSplits(Join([.. folder.TrainBatches()], folder), Join([folder.TestBatch()], folder), Preprocessing.Published);
    }

    private static InMemoryDataset Join(CifarBatch[] batches, CifarFolder folder)
    {
        long bytes = batches.Sum(batch => (long)batch.Count * CifarBatch.ImageBytes);
        if (bytes > Array.MaxLength)
            throw BatchFile.Damaged(folder.Path, $"the batches hold {bytes} bytes of images, far more than CIFAR-10");

        byte[] pixels = new byte[bytes];
        int first = 0;
        foreach (var batch in batches)
        {
            int start = first;
            Parallel.For(0, batch.Count, i => batch.CopyTo(i, pixels.AsSpan((start + i) * CifarBatch.ImageBytes, CifarBatch.ImageBytes)));
            first += batch.Count;
        }

        return new InMemoryDataset("cifar10", CifarBatch.Classes, Shape, pixels, [.. batches.SelectMany(batch => batch.Labels)]);
    }
}
