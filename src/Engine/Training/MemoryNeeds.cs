using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Training;

/// <summary>The memory that a network takes on a device, in bytes.</summary>
/// <param name="Data">Data sets with their labels and orders.</param>
/// <param name="Parameters">Parameters, gradients, what the optimiser keeps, statistics, sums.</param>
/// <param name="TrainingStep">Activations and gradients of a training step.</param>
/// <param name="TestStep">Activations of an evaluation step, which lie in the same memory; 0 where those are the smaller part.</param>
/// <param name="Beside">What the program takes beside its tensors; 0 on a device whose memory is not the program's.</param>
public readonly record struct MemoryNeeds(long Data, long Parameters, long TrainingStep, long TestStep, long Beside)
{
    // What current GPUs hand out memory in.
    private const long Page = 2 << 20;

    /// <summary>All of it.</summary>
    public long Total => Data + Parameters + Step + Beside;

    /// <summary>
    /// What training by a recipe takes on a device; nothing is taken. Throws <see cref="RecipeException"/> for what cannot be trained.
    /// </summary>
    public static MemoryNeeds Of(Recipe recipe, Device device, DataSplits data)
    {
        using var network = new SealedNetwork(TrainingPlan.Of(recipe, data), device);
        return network.Needs;
    }

    private long Step => Math.Max(TrainingStep, TestStep);

    /// <summary>Such as "data sets 1.2 MB, parameters and statistics 3.4 MB, activations and gradients of a step 5.6 GB".</summary>
    public override string ToString() => string.Join(", ", new (string What, long Bytes)[]
    {
        ("data sets", Data),
        ("parameters and statistics", Parameters),
        ("activations and gradients of a step", Step),
        ("the program beside them", Beside),
    }.Where(part => part.Bytes > 0).Select(part => $"{part.What} {ByteSize.Text(part.Bytes)}"));

    /// <summary>
    /// Whether its two allocations, data with parameters and the steps, find room in a number of free bytes: a GPU's in whole pages.
    /// </summary>
    internal bool FitsIn(long free) => (Beside > 0 ? Total : Pages(Data + Parameters) + Pages(Step)) <= free;

    /// <summary>Whether not even the data finds room beside the network, with no step to work on it.</summary>
    internal bool DataExceeds(long free) => Data + Parameters + Beside > free && !NetworkExceeds(free);

    /// <summary>Whether not even the program with its network finds room, without an image.</summary>
    internal bool NetworkExceeds(long free) => Parameters + Beside > free;

    private static long Pages(long bytes) => (bytes + Page - 1) / Page * Page;
}
