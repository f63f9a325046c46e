using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>The published warm-up on a short run: it divides by zero with four epochs, and overshoots --lr with a few more.</summary>
internal static class WarmUpRule
{
    private const int DividesByZero = 4;

    private const double Tolerated = 1.01;

    /// <summary>A warning, or null where the schedule keeps to --lr.</summary>
    public static string? Check(Recipe recipe, Func<Recipe, double> largestRate)
    {
        if (!recipe.WarmUp)
            return null;
        if (recipe.Epochs == DividesByZero)
            throw HostException.Misuse("--warm_up cannot be used with --epochs 4: the published schedule divides by epochs - 4",
                "take another number of epochs or leave out --warm_up");
        var largest = largestRate(recipe);
        return largest <= recipe.LearningRate * Tolerated
            ? null
            : $"warning: with --warm_up and only {Plural.Of(recipe.Epochs, "epoch")} the published schedule drives the learning rate " +
              $"up to {Numbers.Fixed(largest, 3)}, above --lr {Numbers.Text(recipe.LearningRate)}";
    }
}
