using ReSTE.Native.Devices;

namespace ReSTE.Native.Training;

/// <summary>Explains a device that ran out of memory: what needs how much, and which batch size would fit.</summary>
internal sealed class MemoryShortage(TrainingPlan plan, Device device)
{
    private readonly Recipe _recipe = plan.Recipe;

    /// <param name="needs">What the recipe takes.</param>
    /// <param name="memory">What the device had free before it was asked for anything; null where it cannot say.</param>
    /// <param name="problem">What it threw, once it has been given back all that it had given; null where it was not asked.</param>
    public DeviceMemoryException Explain(MemoryNeeds needs, DeviceMemory? memory, Exception? problem)
    {
        BatchSizes asked = Batches(_recipe, _recipe.BatchSizeTest > _recipe.BatchSize);
        if (memory is not { } known)
            return new(device.Name, asked, needs, memory, problem);
        // There was room for all of it: somebody else has taken some since.
        long taken = 0;
        if (problem != null && needs.FitsIn(known.Free) && device.Memory is { } now && now.Free < known.Free)
            (taken, known) = (known.Free - now.Free, now);
        BatchSizes? fitting = Fitting(needs, known.Free) is { } smaller
            ? Batches(smaller, smaller.BatchSizeTest != _recipe.BatchSizeTest)
            : null;
        return new(device.Name, asked, needs, known, fitting, problem) { TakenMeanwhile = taken };
    }

    private static BatchSizes Batches(Recipe r, bool withTest) => new(r.BatchSize, withTest ? r.BatchSizeTest : null);

    /// <summary>
    /// The recipe with the larger of its two steps halved until it fits; null where none does. Each candidate is recorded and sealed like a
    /// real one, only never given memory. The recipe itself has just failed, whatever its needs add up to.
    /// </summary>
    private Recipe? Fitting(MemoryNeeds needs, long free)
    {
        Recipe? candidate = _recipe;
        do
        {
            candidate = Smaller(candidate, needs.TestStep > needs.TrainingStep);
            if (candidate == null)
                return null;
            using var network = new SealedNetwork(plan with { Recipe = candidate }, device);
            needs = network.Needs;
        }
        while (!needs.FitsIn(free));
        return candidate;
    }

    private Recipe? Smaller(Recipe r, bool test)
    {
        if (test)
            return r.BatchSizeTest > 1 ? r with { BatchSizeTest = r.BatchSizeTest / 2 } : null;
        int batch = Math.Max(2, r.BatchSize / 2);
        while (batch > 1 && !TrainingRules.CanTrain(plan.Data.Train.Count, batch))
            batch--;
        return batch > 1 && batch < r.BatchSize ? r with { BatchSize = batch } : null;
    }
}
