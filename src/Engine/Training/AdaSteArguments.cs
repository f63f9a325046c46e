using System.Globalization;
using ReSTE.Native.Datasets;
using ReSTE.Native.Estimators;
using static ReSTE.Native.Training.ArgumentRule;

namespace ReSTE.Native.Training;

/// <summary>The arguments of AdaSTE, whose preset decides what some of the others are where they are not given.</summary>
internal static class AdaSteArguments
{
    private const string Preset = "preset", Faithful = "faithful", Corrected = "corrected";

    // The published code takes ten times its training set, and on Imagenette counts batches of it.
    private const int Repeats = 10, BatchesCountedFrom = 224;

    /// <summary>What it takes.</summary>
    public static ArgumentRule[] Rules { get; } =
    [
        OneOf(Preset, Faithful, Corrected), Positive("mu", 0.01), AtLeastOne("rate", 1.05), Fraction("alpha", 0.01), Positive("cap", 0.5),
        NotNegative("dead_zone", 1e-3) with { DefaultFor = recipe => IsCorrected(recipe) ? 0 : null }, NotNegative("decay", 1),
        Positive("n", null) with { DefaultFor = recipe => IsCorrected(recipe) ? 1 : null, DefaultOnData = TrainSetSize },
    ];

    /// <summary>The estimator with those of a recipe. Throws <see cref="RecipeException"/> for a momentum that it cannot have.</summary>
    public static AdaSte Create(Recipe recipe, ArgumentValues values)
    {
        if (recipe.Momentum >= 1)
        {
            throw new RecipeException(RecipeFault.OutOfRange, nameof(Recipe.Momentum),
                recipe.Momentum.ToString(CultureInfo.InvariantCulture), "AdaSTE divides by what is left to 1; it must be less than 1");
        }

        // Where nothing is trained no data say what n is, and nothing asks for it.
        AdaSteSettings settings = values.Word(Preset) == Corrected ? AdaSteSettings.Corrected : AdaSteSettings.Faithful(1);
        return new(settings with
        {
            Mu = values.Number("mu"),
            Rate = values.Number("rate"),
            Alpha = values.Number("alpha"),
            Cap = values.Number("cap"),
            DeadZone = values.Number("dead_zone"),
            Decay = values.Number("decay"),
            N = values.Optional("n") ?? settings.N,
            Momentum = recipe.Momentum,
        });
    }

    private static bool IsCorrected(Recipe recipe) =>
        recipe.EstimatorArguments.TryGetValue(Preset, out EstimatorArgument preset) && preset.Word == Corrected;

    private static double TrainSetSize(Recipe recipe, Dataset train)
    {
        int batches = (train.Count + recipe.BatchSize - 1) / recipe.BatchSize;
        return Repeats * (double)(train.Shape.Height >= BatchesCountedFrom ? batches : train.Count);
    }
}
