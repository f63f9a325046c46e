using ReSTE.Native.Randomness;

namespace ReSTE.Native.Data.Tests;

/// <summary>Made-up images in the layout of CIFAR-10's files.</summary>
internal static class CifarFixture
{
    public const int ImageBytes = 3072;

    public static readonly string[] BatchNames =
        ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"];

    /// <summary>Planes of random bytes, of which a seed has always the same.</summary>
    public static byte[] Planes(int count, uint seed)
    {
        byte[] planes = new byte[count * ImageBytes];
        for (int i = 0; i < planes.Length; i++)
            planes[i] = (byte)Philox.Block(((uint)i, 0, 0, 0), (seed, 0)).X;
        return planes;
    }

    public static byte[] Labels(int count, uint seed) => [.. Enumerable.Range(0, count).Select(i => (byte)((i * 7 + seed) % 10))];

    public static byte[] Pickle(int count, uint seed, string title = "training batch 1 of 5") =>
        PickleWriter.Batch(Planes(count, seed), Labels(count, seed), title: title);

    /// <summary>What the official batch <paramref name="k"/> calls itself.</summary>
    public static string Title(int k) => k < 5 ? $"training batch {k + 1} of 5" : "testing batch 1 of 1";

    public static byte[] Binary(int count, uint seed)
    {
        byte[] planes = Planes(count, seed), labels = Labels(count, seed);
        return [.. Enumerable.Range(0, count).SelectMany(i => planes.Skip(i * ImageBytes).Take(ImageBytes).Prepend(labels[i]))];
    }

    /// <summary>Six batches in both forms; batch k holds k + 2 images.</summary>
    public static void WriteBoth(TemporaryFolder folder)
    {
        WritePython(folder, "cifar-10-batches-py");
        for (int k = 0; k < BatchNames.Length; k++)
            folder.Write($"cifar-10-batches-bin/{BatchNames[k]}.bin", Binary(k + 2, (uint)k));
    }

    public static void WritePython(TemporaryFolder folder, string inside)
    {
        for (int k = 0; k < BatchNames.Length; k++)
            folder.Write(Path.Combine(inside, BatchNames[k]), Pickle(k + 2, (uint)k, Title(k)));
    }
}
