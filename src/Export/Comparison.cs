using System.Diagnostics;

namespace ReSTE.Native.Export;

/// <summary>An exported form beside the engine, over the same images.</summary>
/// <param name="Images">How many.</param>
/// <param name="Differing">Images whose label is another, by their place in the test set.</param>
/// <param name="Apart">Images of which a score, or the label, is another by more than rounding, by their place in the test set.</param>
/// <param name="LargestDifference">Of two scores, over all other images.</param>
/// <param name="EngineRight">Images that the engine labels rightly.</param>
/// <param name="FormRight">Images that the form labels rightly.</param>
/// <param name="EngineTime">What the engine took for all.</param>
/// <param name="FormTime">What the form took for all.</param>
public sealed record Comparison(int Images, IReadOnlyList<int> Differing, IReadOnlyList<int> Apart, float LargestDifference,
    int EngineRight, int FormRight, TimeSpan EngineTime, TimeSpan FormTime)
{
    // Enough images that a call costs nothing beside them, few enough that large ones fit.
    private const int AtOnce = 256;

    // Scores of another order of sums, up to ten in size and in proportion above; measured 6e-6 at ten.
    private const float Tolerance = 1e-4f, UsualSize = 10;

    /// <summary>Runs both over images and their labels; the first ones once before: neither is timed while it is compiled.</summary>
    /// <param name="source">The engine's.</param>
    /// <param name="form">The exported one.</param>
    /// <param name="count">How many images.</param>
    /// <param name="read">Writes an image's bytes and returns its label.</param>
    /// <param name="stop">Ends it between batches.</param>
    /// <param name="done">Told how many images are done, after each batch; null for nobody.</param>
    public static Comparison Of(ExportSource source, IExportedForm form, int count, ReadImage read, CancellationToken stop,
        Action<int>? done = null)
    {
        var (differing, apart) = (new List<int>(), new List<int>());
        float largest = 0;
        int engineRight = 0, formRight = 0;
        TimeSpan engineTime = default, formTime = default;
        var pixels = new byte[Math.Min(AtOnce, count) * source.Image.Bytes];
        var labels = new int[Math.Min(AtOnce, count)];
        for (int first = 0; first < count; first += AtOnce)
        {
            stop.ThrowIfCancellationRequested();
            int batch = Math.Min(AtOnce, count - first);
            for (int i = 0; i < batch; i++)
                labels[i] = read(first + i, pixels.AsSpan(i * source.Image.Bytes, source.Image.Bytes));
            ReadOnlySpan<byte> images = pixels.AsSpan(0, batch * source.Image.Bytes);
            if (first == 0)
                form.Logits(images);
            float[][] expected = Timed(images, source.Logits, ref engineTime);
            float[][] found = Timed(images, form.Logits, ref formTime, () => form.OwnTime);
            for (int i = 0; i < batch; i++)
            {
                int wanted = Label(expected[i]), given = Label(found[i]);
                engineRight += wanted == labels[i] ? 1 : 0;
                formRight += given == labels[i] ? 1 : 0;
                float difference = Difference(expected[i], found[i]);
                if (wanted != given)
                    differing.Add(first + i);
                if (wanted != given || difference > Tolerance)
                    apart.Add(first + i);
                else
                    largest = Math.Max(largest, difference);
            }

            done?.Invoke(first + batch);
        }

        return new Comparison(count, differing, apart, largest, engineRight, formRight, engineTime, formTime);
    }

    private delegate float[][] Scores(ReadOnlySpan<byte> images);

    private static float[][] Timed(ReadOnlySpan<byte> images, Scores scores, ref TimeSpan time, Func<TimeSpan?>? own = null)
    {
        long start = Stopwatch.GetTimestamp();
        float[][] result = scores(images);
        time += own?.Invoke() ?? Stopwatch.GetElapsedTime(start);
        return result;
    }

    private static float Difference(float[] expected, float[] found) =>
        expected.Zip(found, (a, b) => Math.Abs(a - b) / Math.Max(1, Math.Abs(a) / UsualSize)).Max();

    private static int Label(float[] scores) => Array.IndexOf(scores, scores.Max());
}

/// <summary>Writes an image's bytes and returns its label.</summary>
public delegate int ReadImage(int index, Span<byte> pixels);
