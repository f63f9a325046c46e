namespace ReSTE.Native.Estimators;

/// <summary>
/// A part of a run that is trained as a run of its own: its learning rate follows the recipe's schedule from its own first epoch to its
/// last, and it begins with an optimiser that has seen nothing and without a best epoch.
/// </summary>
/// <param name="End">Where it ends, as a share of the run's epochs: above the end of the stage before, the last one's 1.</param>
internal sealed record Stage(double End)
{
    /// <summary>One stage: the whole run.</summary>
    public static IReadOnlyList<Stage> Whole { get; } = [new(1)];

    /// <summary>Times the recipe's learning rate.</summary>
    public double RateFactor { get; init; } = 1;

    /// <summary>Times the recipe's weight decay.</summary>
    public double DecayFactor { get; init; } = 1;

    /// <summary>Epochs by which its schedule is ahead; 1 for code that moves on before it trains.</summary>
    public int Lead { get; init; }

    /// <summary>
    /// The first epoch of each stage, and as many epochs as there are: a stage ends with the epoch that its share falls into, but leaves
    /// each of those after it one. Where there are fewer epochs than stages the first stages are empty.
    /// </summary>
    public static int[] Starts(IReadOnlyList<Stage> stages, int epochs)
    {
        var starts = new int[stages.Count + 1];
        for (int i = 1; i < stages.Count; i++)
        {
            int end = (int)Math.Ceiling(stages[i - 1].End * epochs);
            starts[i] = Math.Clamp(end, starts[i - 1], Math.Max(starts[i - 1], epochs - (stages.Count - i)));
        }

        starts[^1] = epochs;
        return starts;
    }

    /// <summary>Which stage an epoch belongs to, from 0.</summary>
    public static int Of(IReadOnlyList<Stage> stages, int epoch, int epochs)
    {
        int[] starts = Starts(stages, epochs);
        return Enumerable.Range(0, stages.Count).Last(i => starts[i] <= epoch);
    }
}
