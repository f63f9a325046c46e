using ReSTE.Native.Estimators;
using ReSTE.Native.Optimisers;

namespace ReSTE.Native.Training;

/// <summary>The learning rate of every epoch of a run, fixed before the run starts.</summary>
public sealed class LearningRateSchedule
{
    private const int WarmUpEpochs = 5;

    /// <summary>The published loop builds its cosine four epochs short when it warms up, and lets it rest until epoch 4 is over.</summary>
    private const int WarmUpLag = 4;

    private readonly double[] _rates, _decays;
    private readonly HashSet<int> _starts;

    private LearningRateSchedule(double[] rates, double[] decays, IEnumerable<int> starts)
    {
        _rates = rates;
        _decays = decays;
        _starts = [.. starts];
        Maximum = rates.Max();
    }

    /// <summary>Epochs of the whole run.</summary>
    public int Epochs => _rates.Length;

    /// <summary>The largest rate of any epoch. With warm-up it exceeds the base rate, by far where the run is short.</summary>
    public double Maximum { get; }

    /// <summary>
    /// The published trainer's schedule. Cold: base (1 + cos(pi e / E)) / 2. With warm-up: base (e + 1) / 5 for e &lt; 5, then PyTorch's
    /// recursive cosine of period E - 4 continued from index -3, so the rate first rises above base and the curve lags by eight epochs.
    /// </summary>
    /// <param name="baseRate">The rate the run is configured with; finite, not negative.</param>
    /// <param name="epochs">Epochs of the whole run, at least 1. A run that starts later still uses this table, at its own epochs.</param>
    /// <param name="warmUp">Whether the first five epochs ramp up.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value out of range, or warm-up with 4 epochs: its period is zero.</exception>
    public static LearningRateSchedule Published(double baseRate, int epochs, bool warmUp)
    {
        if (!double.IsFinite(baseRate) || baseRate < 0)
            throw new ArgumentOutOfRangeException(nameof(baseRate), baseRate, "the learning rate must be finite and not negative");
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        if (warmUp && epochs == WarmUpLag)
            throw new ArgumentOutOfRangeException(nameof(epochs), epochs, "warm-up with 4 epochs divides by zero: use another number");

        return new LearningRateSchedule(Rates(baseRate, epochs, warmUp), [.. Enumerable.Repeat(1.0, epochs)], []);
    }

    /// <summary>
    /// The schedule of a recipe: the published one in each stage of its estimator. Throws <see cref="RecipeException"/> for what cannot be.
    /// </summary>
    public static LearningRateSchedule Of(Recipe recipe) => Of(recipe, EstimatorCatalog.Create(recipe));

    /// <summary>The same with an estimator that need not be catalogued.</summary>
    internal static LearningRateSchedule Of(Recipe recipe, Estimator estimator)
    {
        IReadOnlyList<Stage> stages = estimator.Stages;
        int[] starts = Stage.Starts(stages, recipe.Epochs);
        double[] rates = new double[recipe.Epochs], decays = new double[recipe.Epochs];
        for (int i = 0; i < stages.Count; i++)
        {
            int first = starts[i], length = starts[i + 1] - first;
            if (length == 0)
                continue;
            if (recipe.WarmUp && length == WarmUpLag)
            {
                throw new RecipeException(RecipeFault.Conflict, nameof(Recipe.WarmUp), bool.TrueString,
                    $"with {recipe.Epochs} epochs a stage of {estimator.Name} has 4, where the published schedule would divide by zero; "
                    + "take any other number of epochs");
            }

            double[] own = Published(stages[i].RateFactor * recipe.LearningRate, length, recipe.WarmUp)._rates;
            for (int epoch = 0; epoch < length; epoch++)
            {
                rates[first + epoch] = epoch + stages[i].Lead < length ? own[epoch + stages[i].Lead] : 0;
                decays[first + epoch] = stages[i].DecayFactor;
            }
        }

        return new LearningRateSchedule(rates, decays, starts[1..^1].Where(start => start > 0));
    }

    /// <summary>Whether a stage begins with an epoch, other than the run's first.</summary>
    internal bool BeginsStage(int epoch) => _starts.Contains(epoch);

    /// <summary>What an optimiser is set to in an epoch.</summary>
    internal EpochRates At(int epoch) => new(Rate(epoch), _decays[epoch]);

    private static double[] Rates(double baseRate, int epochs, bool warmUp)
    {
        int lag = warmUp ? WarmUpLag : 0;
        var rates = new double[epochs];
        double rate = baseRate;
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            if (warmUp && epoch < WarmUpEpochs)
                rate = baseRate * (epoch + 1) / WarmUpEpochs;
            rates[epoch] = rate;
            // The cosine's index is -lag when the run starts and moves after each epoch from `lag` on.
            if (epoch >= lag)
                rate = NextCosine(rate, baseRate, epoch + 1 - 2 * lag, epochs - lag);
        }

        return rates;
    }

    /// <summary>The rate of an epoch.</summary>
    /// <param name="epoch">From 0 to <see cref="Epochs"/> - 1.</param>
    public double Rate(int epoch)
    {
        if ((uint)epoch >= (uint)_rates.Length)
            throw new ArgumentOutOfRangeException(nameof(epoch), epoch, $"the schedule has epochs 0 to {_rates.Length - 1}");
        return _rates[epoch];
    }

    /// <summary>
    /// One step of PyTorch's CosineAnnealingLR to floor 0, in its recursive form: the factor between two neighbours of the cosine. A closed
    /// form differs, because the recursion continues from whatever rate it finds and leaves it alone at index 0.
    /// </summary>
    private static double NextCosine(double rate, double baseRate, int index, int period)
    {
        if (index == 0)
            return rate;
        // The previous index sits on a zero of the cosine, where the factor would be infinite: leave it by the absolute rise.
        if ((index - 1 - period) % (2 * period) == 0)
            return rate + baseRate * (1 - Math.Cos(Math.PI / period)) / 2;
        return (1 + Math.Cos(Math.PI * index / period)) / (1 + Math.Cos(Math.PI * (index - 1) / period)) * rate;
    }
}
