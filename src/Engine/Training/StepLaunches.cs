using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;

namespace ReSTE.Native.Training;

/// <summary>The launches of a recipe's training step.</summary>
public static class StepLaunches
{
    /// <summary>
    /// Records the step on a device as training would, and lists what it launches, in order. Nothing is computed, and no memory is taken
    /// for its tensors. Empty on a device that has no launches. Throws <see cref="RecipeException"/> for what cannot be trained.
    /// </summary>
    public static IReadOnlyList<KernelLaunch> Of(Recipe recipe, Device device, DataSplits data)
    {
        using var network = new SealedNetwork(TrainingPlan.Of(recipe, data), device);
        return [.. network.ListWithoutMemory().Select(recorded => recorded.Launch)];
    }
}
