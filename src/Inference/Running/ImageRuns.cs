using System.Runtime.InteropServices;
using ReSTE.Native.Devices.Cpu;

namespace ReSTE.Native.Running;

/// <summary>The memory of one image at a time.</summary>
internal sealed unsafe class Worker(ImageProgram program)
{
    private readonly FixedMemory _arena = new(program.ArenaBytes), _scores = new(sizeof(float) * (long)program.Classes);

    /// <summary>Runs an image.</summary>
    /// <param name="image">Its bytes.</param>
    /// <param name="scores">[classes] or null.</param>
    /// <param name="label">The class of the highest score, or null.</param>
    public void Run(byte* image, float* scores, int* label)
    {
        float* found = scores == null ? (float*)_scores.Start : scores;
        var memory = new RunMemory(_arena.Start, image, found);
        foreach (Step step in program.Steps)
            step.Run(memory);
        if (label != null)
            *label = ImageRunner.Highest(found, program.Classes);
    }
}

/// <summary>Images of one call, an image a part. It is unmanaged, so the workers are given as a handle.</summary>
/// <param name="workers">Handle of the <see cref="Worker"/>s, one a thread.</param>
/// <param name="images">[images, bytes of one].</param>
/// <param name="sizes">Bytes of an image, and classes.</param>
/// <param name="scores">[images, classes] or null.</param>
/// <param name="labels">[images] or null.</param>
internal readonly unsafe struct ImagesJob(nint workers, byte* images, (int Bytes, int Classes) sizes, float* scores, int* labels)
    : IParallelJob
{
    public void Run(int part, int worker)
    {
        var all = (Worker[])GCHandle.FromIntPtr(workers).Target!;
        Run(part, all[worker]);
    }

    /// <summary>Does one image in a worker's memory.</summary>
    public void Run(int image, Worker worker) => worker.Run(images + (long)image * sizes.Bytes,
        scores == null ? null : scores + (long)image * sizes.Classes, labels == null ? null : labels + image);
}
