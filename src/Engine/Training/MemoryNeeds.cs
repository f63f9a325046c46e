using System.Globalization;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Training;

/// <summary>The device memory a sealed network takes, in bytes: two allocations, the first for data and parameters, the second for the steps.</summary>
/// <param name="Data">Data sets with their labels and orders.</param>
/// <param name="Parameters">Parameters, gradients, momenta, statistics, sums.</param>
/// <param name="TrainingStep">Activations and gradients of a training step.</param>
/// <param name="TestStep">Activations of an evaluation step, which lie in the same memory.</param>
internal readonly record struct MemoryNeeds(long Data, long Parameters, long TrainingStep, long TestStep)
{
    // What current GPUs hand out memory in.
    private const long Page = 2 << 20;

    public long Total => Data + Parameters + Step;

    private long Step => Math.Max(TrainingStep, TestStep);

    /// <summary>Whether both allocations, in whole pages, find room in so much free memory.</summary>
    public bool FitsIn(long free) => Pages(Data + Parameters) + Pages(Step) <= free;

    /// <summary>Such as "data sets 1.2 MB, parameters and statistics 3.4 MB, activations and gradients of a step 5.6 GB".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"data sets {ByteSize.Text(Data)}, parameters and statistics {ByteSize.Text(Parameters)}, activations and gradients of a step {ByteSize.Text(Step)}");

    private static long Pages(long bytes) => (bytes + Page - 1) / Page * Page;
}
