namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>CIFAR-10 in its binary form with a few random images in each file.</summary>
internal static class SmallCifar10
{
    private const int Record = 3073;

    /// <summary>Writes a folder of it, of five files to train on and one to test on; returns the folder.</summary>
    public static string Write(string folder, int imagesAFile, int? testImages = null, int seed = 1)
    {
        var random = new Random(seed);
        Directory.CreateDirectory(folder);
        for (var i = 1; i <= 5; i++)
            File.WriteAllBytes(Path.Combine(folder, $"data_batch_{i}.bin"), Batch(random, imagesAFile));
        File.WriteAllBytes(Path.Combine(folder, "test_batch.bin"), Batch(random, testImages ?? imagesAFile));
        return folder;
    }

    private static byte[] Batch(Random random, int images)
    {
        var batch = new byte[images * Record];
        random.NextBytes(batch);
        for (var image = 0; image < images; image++)
            batch[image * Record] = (byte)random.Next(10);
        return batch;
    }
}
