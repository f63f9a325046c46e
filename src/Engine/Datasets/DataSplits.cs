namespace ReSTE.Native.Datasets;

/// <summary>A data set's two parts and how their bytes become inputs.</summary>
/// <param name="Train">The images to train on.</param>
/// <param name="Test">Images of the same size and classes that are not trained on; they judge each epoch unless others do.</param>
/// <param name="Preprocessing">How bytes become inputs.</param>
public sealed record DataSplits(Dataset Train, Dataset Test, Preprocessing Preprocessing)
{
    /// <summary>The images each epoch is judged by, and the best one chosen on, in place of the test images; null for those.</summary>
    public Dataset? Validation { get; init; }

    /// <summary>What whoever uses the data should know about their origin, a line each; empty where there is nothing to say.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Threads that read images ahead of the steps where a part is streamed; what a step sees does not depend on it.</summary>
    public int ReadingThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>The first images of both parts, or all of a part that has no more; 0 keeps all of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is negative.</exception>
    public DataSplits Limit(int train, int test)
    {
        return this with { Train = Limited(Train, train), Test = Limited(Test, test) };

        static Dataset Limited(Dataset whole, int limit) => limit == 0 ? whole : whole.Limit(limit);
    }
}
