using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// What `reste` trains without a data set or with --dataset shapes: the built-in images, with settings that reach a good network in minutes
/// on a CPU.
/// </summary>
internal static class ShapesDefaults
{
    public const string Dataset = "shapes";

    public const int Epochs = 8;

    public const int BatchSize = 128;

    public const string EvaluationNotice = $"no --dataset given: evaluating on the built-in '{Dataset}' images";

    public static string Notice(Recipe recipe) =>
        $"no --dataset given: training on the built-in '{Dataset}' images, {Plural.Of(recipe.Epochs, "epoch")} of batches of " +
        $"{Numbers.Text(recipe.BatchSize)} (--dataset cifar10 --data_path DIR trains on CIFAR-10)";
}
