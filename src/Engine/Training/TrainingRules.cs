using System.Globalization;
using ReSTE.Native.Datasets;
using ReSTE.Native.Estimators;

namespace ReSTE.Native.Training;

/// <summary>What a recipe must keep to for a data set.</summary>
internal static class TrainingRules
{
    /// <summary>The recipe, or <see cref="RecipeException"/>, which says what to change.</summary>
    public static Recipe Check(Recipe recipe, DataSplits data)
    {
        CheckAlone(recipe);
        CheckData(recipe, data);
        return recipe;
    }

    /// <summary>Whether activations are what the estimator can train with.</summary>
    public static void CheckActivations(Recipe recipe, Estimator estimator) =>
        Require(!estimator.NeedsRealActivations || recipe.RealActivations, RecipeFault.Conflict, nameof(Recipe.RealActivations),
            recipe.RealActivations, $"{estimator.Name} binarises weights alone; activations must stay real");

    /// <summary>Whether a number of images in batches of a size leave no batch of one, which batch norm cannot train on.</summary>
    public static bool CanTrain(int images, int batch) => images % batch != 1;

    /// <summary>Whether a run that is to be resumed has not gone further than its recipe now says.</summary>
    public static void CheckEpochsAhead(Recipe recipe, TrainingState state)
    {
        int begun = state.Epoch + (state.Cursor > 0 ? 1 : 0);
        string underWay = begun > state.Epoch ? ", and one is under way" : "";
        Require(begun <= recipe.Epochs, RecipeFault.Conflict, nameof(Recipe.Epochs), recipe.Epochs,
            $"{state.Epoch} epochs of the run are done{underWay}; it must be at least {begun}");
    }

    /// <summary>What no data could make right.</summary>
    private static void CheckAlone(Recipe recipe)
    {
        const RecipeFault Range = RecipeFault.OutOfRange;
        Require(recipe.Epochs >= 1, Range, nameof(Recipe.Epochs), recipe.Epochs, "a run has at least one epoch");
        Require(recipe.BatchSize >= 1, Range, nameof(Recipe.BatchSize), recipe.BatchSize, "a batch has at least one image");
        Require(recipe.BatchSizeTest >= 1, Range, nameof(Recipe.BatchSizeTest), recipe.BatchSizeTest, "a batch has at least one image");
        RequireNotNegative(nameof(Recipe.LearningRate), recipe.LearningRate);
        RequireNotNegative(nameof(Recipe.Momentum), recipe.Momentum);
        RequireNotNegative(nameof(Recipe.WeightDecay), recipe.WeightDecay);
        Require(recipe.StartEpoch >= -1, Range, nameof(Recipe.StartEpoch), recipe.StartEpoch, "it must be at least -1");
        Require(recipe.StartEpoch < recipe.Epochs - 1, RecipeFault.Conflict, nameof(Recipe.StartEpoch), recipe.StartEpoch,
            $"it leaves nothing of {recipe.Epochs} epochs to train; it must be from -1 to {recipe.Epochs - 2}");
        Require(!recipe.WarmUp || recipe.Epochs != 4, RecipeFault.Conflict, nameof(Recipe.WarmUp), recipe.WarmUp,
            "with 4 epochs it would divide by zero in the published schedule; take any other number of epochs");
    }

    private static void CheckData(Recipe recipe, DataSplits data)
    {
        const RecipeFault Misfit = RecipeFault.DoesNotFitData;
        int count = data.Train.Count, batch = recipe.BatchSize;
        var (train, test) = (data.Train, data.Test);
        Require((train.Shape, train.Classes) == (test.Shape, test.Classes), Misfit, nameof(Recipe.Dataset), train.Name,
            $"its training images are {train.Shape} in {train.Classes} classes, test images {test.Shape} in {test.Classes}");
        if (data.Validation is { } held)
        {
            Require((held.Shape, held.Classes) == (train.Shape, train.Classes), Misfit, nameof(Recipe.Dataset), train.Name,
                $"its training images are {train.Shape} in {train.Classes} classes, those to validate on {held.Shape} in {held.Classes}");
        }

        CheckNotSingle(recipe, data);
        Require(batch <= count, Misfit, nameof(Recipe.BatchSize), batch, $"that is more than the data set holds, {count} training images");
        Require(recipe.BatchSizeTest <= data.Test.Count, Misfit, nameof(Recipe.BatchSizeTest), recipe.BatchSizeTest,
            $"that is more than the data set holds, {data.Test.Count} test images");
        Require(batch > 1, RecipeFault.OutOfRange, nameof(Recipe.BatchSize), batch,
            "batch norm cannot train on batches of one image; use a batch size of 2 or more");
        if (CanTrain(count, batch))
            return;
        string[] offered = [.. Nearby(count, batch).Select(size => size.ToString(CultureInfo.InvariantCulture))];
        throw new RecipeException(Misfit, nameof(Recipe.BatchSize), batch.ToString(CultureInfo.InvariantCulture),
            $"the last batch of {count} images in batches of {batch} would be a single image, which batch norm cannot train on; "
            + $"use a batch size of {string.Join(" or ", offered)}")
        {
            Suggestions = offered,
        };
    }

    /// <summary>No batch size is right for one image: what left no more of them is what to change.</summary>
    private static void CheckNotSingle(Recipe recipe, DataSplits data)
    {
        const string Why = "1 image to train on, and batch norm needs batches of at least 2; take more images";
        const RecipeFault Misfit = RecipeFault.DoesNotFitData;
        bool single = data.Train.Count == 1;
        if (recipe.ValidationSplit > 0)
            Require(!single, Misfit, nameof(Recipe.ValidationSplit), recipe.ValidationSplit, $"it leaves {Why}, or hold out fewer");
        else if (recipe.LimitTrain > 0)
            Require(!single, Misfit, nameof(Recipe.LimitTrain), recipe.LimitTrain, $"it leaves {Why}");
        else
            Require(!single, Misfit, nameof(Recipe.Dataset), data.Train.Name, $"it has {Why}");
    }

    /// <summary>The sizes next to one that leave no batch of a single image; the smaller one first.</summary>
    private static IEnumerable<int> Nearby(int count, int batch)
    {
        bool Fits(int b) => b > 1 && b <= count && CanTrain(count, b);
        int smaller = batch - 1, larger = batch + 1;
        while (smaller > 1 && !Fits(smaller))
            smaller--;
        while (larger <= count && !Fits(larger))
            larger++;
        return new[] { smaller, larger }.Where(Fits);
    }

    private static void RequireNotNegative(string setting, double value) =>
        Require(double.IsFinite(value) && value >= 0, RecipeFault.OutOfRange, setting, value, "it must be a number from 0 up");

    private static void Require(bool condition, RecipeFault reason, string setting, IConvertible value, string expected)
    {
        if (!condition)
            throw new RecipeException(reason, setting, value.ToString(CultureInfo.InvariantCulture), expected);
    }
}
