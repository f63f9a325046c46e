namespace ReSTE.Native.Running;

/// <summary>Runs a network over images. Any number of threads may ask at once.</summary>
internal abstract unsafe class ImageRunner : IDisposable
{
    /// <summary>What it runs on, in words.</summary>
    public abstract string Description { get; }

    /// <summary>Runs images.</summary>
    /// <param name="images">[count, bytes of one].</param>
    /// <param name="count">How many, at least one.</param>
    /// <param name="scores">[count, classes], or null.</param>
    /// <param name="labels">[count]: the class of the highest score, the lowest of equal ones; or null.</param>
    public abstract void Run(byte* images, int count, float* scores, int* labels);

    /// <summary>Gives back what it holds, once all calls have returned.</summary>
    public abstract void Dispose();

    /// <summary>The class of the highest score, the lowest of equal ones.</summary>
    public static int Highest(float* scores, int classes)
    {
        int best = 0;
        for (int c = 1; c < classes; c++)
            best = scores[c] > scores[best] ? c : best;
        return best;
    }
}
