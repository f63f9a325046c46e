using ReSTE.Native.Datasets;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>Made-up data for benchmarks: a few batches for training, shaped like a recipe's data set, and one image to test.</summary>
internal static class BenchData
{
    // Images are drawn one by one: of more than these, the same come again.
    private const int Batches = 4, MostDrawn = 2048, LeastBatch = 2;

    public static DataSplits Of(Recipe recipe)
    {
        int images = (int)Math.Min(int.MaxValue, (long)Batches * recipe.BatchSize);
        int classes = ImageSets.Classes(recipe.Dataset);
        // Nothing is evaluated: the least of a test step that there can be.
        DataSplits drawn = Data.Datasets.Open(ShapesDefaults.Dataset, null, limitTrain: Math.Min(images, MostDrawn), limitTest: 1);
        ImageShape shape = ImageSets.Shape(recipe.Dataset);
        return drawn with
        {
            Train = new BenchImages(drawn.Train, shape, classes, images),
            Test = new BenchImages(drawn.Test, shape, classes, 1),
        };
    }

    /// <summary>A batch to test, and as few images to train on as there can be.</summary>
    public static DataSplits OfEvaluation(Recipe recipe)
    {
        int images = recipe.BatchSizeTest, classes = ImageSets.Classes(recipe.Dataset);
        DataSplits drawn = Data.Datasets.Open(ShapesDefaults.Dataset, null, recipe.BatchSize, limitTest: Math.Min(images, MostDrawn));
        ImageShape shape = ImageSets.Shape(recipe.Dataset);
        return drawn with
        {
            Train = new BenchImages(drawn.Train, shape, classes, recipe.BatchSize),
            Test = new BenchImages(drawn.Test, shape, classes, images),
        };
    }

    /// <summary>The recipe of an evaluation's benchmark: the step that is not run takes the least memory.</summary>
    public static Recipe FitEvaluation(Recipe recipe) => recipe with { BatchSize = LeastBatch, BatchSizeTest = recipe.BatchSize };

    /// <summary>The recipe as benchmarks run it: nothing is evaluated.</summary>
    public static Recipe Fit(Recipe recipe) => recipe with { BatchSizeTest = 1 };
}
