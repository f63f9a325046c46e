using ReSTE.Native.Export.Reference;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export;

/// <summary>
/// How near the values of an image come to the threshold of a sign, 0. Programs that sum in another order may read the sign of a value that
/// is nearer than their rounding as the other one, and then everything after it differs.
/// </summary>
public sealed class Margins
{
    /// <summary>Values nearer than this to 0 may have another sign elsewhere.</summary>
    public const float Least = 1e-5f;

    private readonly PackedNetwork _network;

    /// <summary>Of a network whose counts become numbers, as <see cref="Folding"/> gives it without thresholds.</summary>
    /// <exception cref="ArgumentException">Some of its counts become signs.</exception>
    public Margins(PackedNetwork network)
    {
        if (network.Layers.Any(layer => layer is SignConv { Result: CountSigns }))
            throw new ArgumentException("the network has thresholds, which no value can be measured from", nameof(network));
        _network = network;
    }

    /// <summary>
    /// The smallest distance from 0 of any value of each image that is read as a sign. What relu leaves is +1 however near; and zeros
    /// that every program computes exactly, counts of zero, are not near.
    /// </summary>
    /// <param name="images">Images one after the other, each as [height, width, channels] bytes.</param>
    /// <param name="threads">Threads to run on; 0 for one a processor.</param>
    public float[] Of(ReadOnlyMemory<byte> images, int threads = 0) => Array.ConvertAll(Run(images, threads), run => run.Margin);

    /// <summary>The same, with the scores that the definition of the packed form gives.</summary>
    internal (float[] Scores, float Margin)[] Run(ReadOnlyMemory<byte> images, int threads)
    {
        int size = _network.Input.Bytes;
        var results = new (float[], float)[images.Length / size];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads };
        Parallel.For(0, results.Length, options, () => new PackedRun(_network), (i, _, run) =>
        {
            results[i] = run.Of(images.Span.Slice(i * size, size));
            return run;
        }, _ => { });
        return results;
    }
}
