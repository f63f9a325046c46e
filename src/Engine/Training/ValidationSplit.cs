using System.Globalization;
using ReSTE.Native.Datasets;
using ReSTE.Native.Randomness;

namespace ReSTE.Native.Training;

/// <summary>
/// Holds out a part of the training images, so that the best epoch is chosen on images that are neither trained on nor the test images.
/// Which ones follows from the recipe's seed and their number alone. They are drawn without regard to classes, whose labels a streamed set
/// could only tell by reading every image.
/// </summary>
public static class ValidationSplit
{
    /// <summary>
    /// The data as the recipe wants them: of its <see cref="Recipe.ValidationSplit"/> they get a <see cref="DataSplits.Validation"/> part,
    /// which the training part loses; the images of both stay in their order. Data that have such a part, and data of a recipe that asks
    /// for none, are returned as they are. A trainer does this itself; it is here for those who want to know the parts before.
    /// </summary>
    /// <exception cref="RecipeException">The share is none, or would leave nothing of a part.</exception>
    public static DataSplits Of(Recipe recipe, DataSplits data)
    {
        double share = recipe.ValidationSplit;
        if (!(share >= 0 && share < 1))
            throw Misfit(RecipeFault.OutOfRange, share, "it must be at least 0 and less than 1");
        if (share == 0 || data.Validation != null)
            return data;
        int all = data.Train.Count, heldOut = (int)Math.Round(share * all);
        if (heldOut < 1 || heldOut >= all)
        {
            throw Misfit(RecipeFault.DoesNotFitData, share,
                $"it holds out {heldOut} of {all} training images; at least one must be held out and one left");
        }

        int[] order = Permutation.Of(all, recipe.Seed, epoch: 0, RandomStream.HoldOut);
        var whole = new WholeDataset(data.Train);
        return data with { Train = Part(whole, order[heldOut..]), Validation = Part(whole, order[..heldOut]) };
    }

    private static SubsetDataset Part(WholeDataset whole, int[] numbers)
    {
        Array.Sort(numbers);
        return new(whole, numbers);
    }

    private static RecipeException Misfit(RecipeFault reason, double share, string expected) =>
        new(reason, nameof(Recipe.ValidationSplit), share.ToString(CultureInfo.InvariantCulture), expected);
}
