namespace ReSTE.Native.Export.Tests;

/// <summary>What a form that sums in another order is held to.</summary>
internal static class Exported
{
    /// <summary>Scores differ by no more.</summary>
    public const float Tolerance = 1e-4f;

    public static readonly string[] Classes = [.. Enumerable.Range(0, 10).Select(i => $"class {i}")];

    /// <summary>Writes a checkpoint in a form, and compares what reads it with the engine on some images.</summary>
    public static void AgreesWithTheEngine(IExportFormat format, ExportSource source, int images = 24)
    {
        byte[] pixels = Checkpoints.Pixels(images, source.Image, seed: 5);
        using IExportedForm form = Open(format, stream => format.Write(source, new ExportOptions(Classes), stream));
        var margins = new Margins(Folding.Of(source, Classes, thresholds: false));
        Agree(source.Logits(pixels), form.Logits(pixels), margins.Of(pixels));
    }

    /// <summary>Scores are alike wherever no value is near the threshold of a sign.</summary>
    public static void Agree(float[][] expected, float[][] actual, float[] margins)
    {
        Assert.Equal(expected.Length, actual.Length);
        int compared = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (margins[i] < Margins.Least)
                continue;
            compared++;
            for (int c = 0; c < expected[i].Length; c++)
                Assert.True(Math.Abs(expected[i][c] - actual[i][c]) <= Tolerance,
                    $"image {i}, class {c}: expected {expected[i][c]}, got {actual[i][c]}; margin {margins[i]}");
        }

        Assert.True(compared > 0, "every image has a value near the threshold of a sign");
    }

    /// <summary>Opens what is written.</summary>
    public static IExportedForm Open(IExportFormat format, Action<Stream> write)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using (FileStream stream = File.Create(path))
                write(stream);
            return format.Open(path, threads: 1);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
