using ReSTE.Native.Datasets;

namespace ReSTE.Native.Training;

/// <summary>What a recipe must keep to for a data set.</summary>
internal static class TrainingRules
{
    /// <summary>The recipe, or <see cref="RecipeException"/> with one line that says what to change.</summary>
    public static Recipe Check(Recipe recipe, DataSplits data)
    {
        Require(recipe.Epochs >= 1, $"a run has at least one epoch, not {recipe.Epochs}");
        Require(recipe.BatchSize >= 1 && recipe.BatchSizeTest >= 1, "a batch has at least one image");
        Require(double.IsFinite(recipe.LearningRate) && recipe.LearningRate >= 0, $"the learning rate must be a number from 0 up, not {recipe.LearningRate}");
        Require(double.IsFinite(recipe.Momentum) && recipe.Momentum >= 0, $"momentum must be a number from 0 up, not {recipe.Momentum}");
        Require(double.IsFinite(recipe.WeightDecay) && recipe.WeightDecay >= 0, $"weight decay must be a number from 0 up, not {recipe.WeightDecay}");
        Require(recipe.StartEpoch >= -1 && recipe.StartEpoch < recipe.Epochs - 1,
            $"start_epoch {recipe.StartEpoch} leaves nothing to train: it counts from -1 to {recipe.Epochs - 2}");
        Require(!recipe.WarmUp || recipe.Epochs != 4, "warm-up with 4 epochs would divide by zero in the published schedule; take any other number");
        Require((data.Train.Shape, data.Train.Classes) == (data.Test.Shape, data.Test.Classes),
            $"training images are {data.Train.Shape} in {data.Train.Classes} classes, test images {data.Test.Shape} in {data.Test.Classes}");
        int count = data.Train.Count, batch = recipe.BatchSize;
        Require(batch <= count && recipe.BatchSizeTest <= data.Test.Count, $"a batch of {batch} training or {recipe.BatchSizeTest} test images is more than the data set holds, {count} and {data.Test.Count}");
        Require(batch > 1, "batch norm cannot train on batches of one image; use a batch size of 2 or more");
        Require(CanTrain(count, batch), $"the last batch of {count} images in batches of {batch} would be a single image, which batch norm cannot train on; "
            + $"use a batch size of {Nearby(count, batch)}");
        return recipe;
    }

    /// <summary>Whether so many images in batches of a size leave no batch of one, which batch norm cannot train on.</summary>
    public static bool CanTrain(int images, int batch) => images % batch != 1;

    private static string Nearby(int count, int batch)
    {
        bool Fits(int b) => b > 1 && b <= count && CanTrain(count, b);
        int smaller = batch - 1, larger = batch + 1;
        while (smaller > 1 && !Fits(smaller))
            smaller--;
        while (larger <= count && !Fits(larger))
            larger++;
        return (Fits(smaller), Fits(larger)) switch
        {
            (true, true) => $"{smaller} or {larger}",
            (true, false) => $"{smaller}",
            _ => $"{larger}",
        };
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new RecipeException(message);
    }
}
