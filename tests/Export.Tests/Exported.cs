namespace ReSTE.Native.Export.Tests;

/// <summary>What a form that sums in another order is held to.</summary>
internal static class Exported
{
    /// <summary>
    /// Scores up to 10 differ by no more; larger ones, as of networks that were trained for three steps, in proportion to the largest.
    /// </summary>
    public const float Tolerance = 1e-4f;

    /// <summary>
    /// Nearer than <see cref="Margins.Least"/>: of the values of an image, 188,000 in ResNet-20, there is nearly always one within that.
    /// What these forms round reached 1e-6 on 10,000 images.
    /// </summary>
    private const float Near = Margins.Least / 5;

    public static readonly string[] Classes = [.. Enumerable.Range(0, 10).Select(i => $"class {i}")];

    /// <summary>Scores are alike wherever no value is near the threshold of a sign.</summary>
    public static void Agree(float[][] expected, float[][] actual, float[] margins)
    {
        Assert.Equal(expected.Length, actual.Length);
        int compared = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (margins[i] < Near)
                continue;
            compared++;
            float tolerance = Tolerance * Math.Max(1, expected[i].Max(Math.Abs) / 10);
            for (int c = 0; c < expected[i].Length; c++)
                Assert.True(Math.Abs(expected[i][c] - actual[i][c]) <= tolerance,
                    $"image {i}, class {c}: expected {expected[i][c]}, got {actual[i][c]}; margin {margins[i]}");
        }

        Assert.True(3 * compared >= expected.Length, $"only {compared} of {expected.Length} images have no value near a threshold");
    }

    /// <summary>Opens what is written.</summary>
    public static IExportedForm Open(IExportFormat format, Action<Stream> write, int threads = 1)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using (FileStream stream = File.Create(path))
                write(stream);
            return format.Open(path, threads);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
