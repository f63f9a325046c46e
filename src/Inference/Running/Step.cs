namespace ReSTE.Native.Running;

/// <summary>Where a run of one image finds what it reads and writes.</summary>
/// <param name="arena">Memory of its values.</param>
/// <param name="image">Its bytes.</param>
/// <param name="scores">Its scores.</param>
internal readonly unsafe struct RunMemory(byte* arena, byte* image, float* scores)
{
    public byte* Image => image;

    public float* Scores => scores;

    public float* Reals(long at) => at < 0 ? null : (float*)(arena + at);

    public uint* Words(long at) => at < 0 ? null : (uint*)(arena + at);

    public double* Doubles(long at) => (double*)(arena + at);
}

/// <summary>
/// One layer for one image, its numbers laid out for this processor. It keeps no state: any number of images may be in it at once.
/// </summary>
internal abstract class Step
{
    /// <summary>Computes the layer's value.</summary>
    public abstract void Run(in RunMemory memory);
}
