using ReSTE.Native.Datasets;

namespace ReSTE.Native.Training;

/// <summary>
/// Whose mean and deviation images are normalised by, in place of what their data set says: published recipes for one set differ in it.
/// </summary>
public static class Normalisation
{
    /// <summary>What the data say.</summary>
    public const string OfData = "data";

    // ImageNet's, which the published ReSTE trainer takes for CIFAR too; and those of the published code of AdaSTE.
    private static readonly (string Name, float[] Mean, float[] Deviation)[] s_rows =
    [
        ("imagenet", [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]),
        ("cifar10", [0.4914f, 0.4822f, 0.4465f], [0.2023f, 0.1994f, 0.2010f]),
        ("cifar100", [0.507f, 0.487f, 0.441f], [0.267f, 0.256f, 0.276f]),
    ];

    /// <summary>Every name that <see cref="Recipe.Normalisation"/> can be.</summary>
    public static IReadOnlyList<string> Names { get; } = [OfData, .. s_rows.Select(row => row.Name)];

    /// <summary>The data as the recipe wants them normalised.</summary>
    /// <exception cref="RecipeException">There is no such name, or the images are not in colour.</exception>
    public static DataSplits Of(Recipe recipe, DataSplits data)
    {
        if (recipe.Normalisation == OfData)
            return data;
        int row = Array.FindIndex(s_rows, r => r.Name == recipe.Normalisation);
        if (row < 0)
            throw UnknownName.Of(nameof(Recipe.Normalisation), recipe.Normalisation, "there is no such normalisation", Names);
        if (data.Train.Shape.Channels != s_rows[row].Mean.Length)
        {
            throw new RecipeException(RecipeFault.DoesNotFitData, nameof(Recipe.Normalisation), recipe.Normalisation,
                $"it is for images of 3 channels, and these have {data.Train.Shape.Channels}");
        }

        return data with { Preprocessing = data.Preprocessing with { Mean = s_rows[row].Mean, Deviation = s_rows[row].Deviation } };
    }
}
