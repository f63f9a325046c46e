using ReSTE.Native.Checkpoints;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>One line about the file that weights come from: what it is, and what it does not bring.</summary>
internal static class WeightsNotice
{
    /// <summary>Another program's file says little: what it is evaluated as is what the flags say.</summary>
    public static string Evaluating(string file, WeightsSource source, Recipe recipe) =>
        $"{file} holds {Words(source)}; evaluated as {Name(recipe)}, as the flags have it";

    public static string Starting(string file, WeightsSource source, Recipe recipe) =>
        $"starting from {file}, which holds {Words(source)}; {Kept(recipe)} starts at zero";

    public static string Resuming(string file, WeightsSource source, Recipe recipe) =>
        $"{file} holds {Words(source)}, and no {Kept(recipe)}, which starts at zero";

    /// <summary>The form of a file.</summary>
    public static string Words(CheckpointForm form) => form switch
    {
        CheckpointForm.PyTorchZip => "PyTorch's zip form",
        CheckpointForm.PyTorchStream => "PyTorch's stream form, of before 1.6",
        _ => "safetensors",
    };

    private static string Words(WeightsSource source) => source.Recipe is { } recipe
        ? $"weights of {Name(recipe)}, trained on {recipe.Dataset}{After(source)}"
        : $"weights saved by another program ({Words(source.Form)}){(source.Model is { Length: > 0 } model ? $" of {model}" : "")}"
            + After(source);

    private static string After(WeightsSource source)
    {
        var epochs = source.Epoch is { } epoch ? $" after {Plural.Of(epoch, "epoch")}" : "";
        return source.BestTop1 is { } best ? $"{epochs}, best top-1 {Numbers.Fixed(best, 2)}" : epochs;
    }

    private static string Kept(Recipe recipe) =>
        OptimiserCatalog.UsesMomentum(recipe) ? "momentum" : $"state of {recipe.Optimiser}";

    private static string Name(Recipe recipe) => recipe.RealActivations ? recipe.Model + " with real activations" : recipe.Model;
}
