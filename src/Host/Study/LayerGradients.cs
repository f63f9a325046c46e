using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>How large the gradients of a binary layer's latent weights are.</summary>
/// <param name="Layer">The weight's name.</param>
/// <param name="Quantiles">Of the absolute values that are not zero: 5, 25, 50, 75 and 95 %; zeros where all are.</param>
/// <param name="Zeros">The share of exact zeros, from 0 to 1.</param>
internal sealed record LayerGradients(string Layer, IReadOnlyList<double> Quantiles, double Zeros)
{
    private static readonly double[] s_shares = [0.05, 0.25, 0.5, 0.75, 0.95];

    public static LayerGradients Of(string layer, IReadOnlyList<double> gradient)
    {
        double[] sizes = [.. gradient.Select(Math.Abs).Where(size => size > 0).Order()];
        return new(layer, [.. s_shares.Select(share => sizes.Length == 0 ? 0 : sizes[(int)Math.Round(share * (sizes.Length - 1))])],
            1 - sizes.Length / (double)gradient.Count);
    }

    /// <summary>The gradients of one step in the last epoch's schedule, from the weights of a checkpoint, which stays as it is.</summary>
    public static IReadOnlyList<LayerGradients> Measure(Recipe recipe, Device device, DataSplits data, string checkpoint)
    {
        using (device)
        {
            using var trainer = TrainingRun.NewTrainer(recipe with { StartEpoch = recipe.Epochs - 2 }, device, data);
            FileMemory.OfCheckpoint(checkpoint, () => trainer.StartFrom(checkpoint));
            trainer.Step();
            return [.. trainer.Parameters.Parameters.Where(p => p.IsBinary).Select(p => Of(p.Name, p.ReadGradient()))];
        }
    }
}
