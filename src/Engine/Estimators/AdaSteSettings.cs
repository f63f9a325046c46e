namespace ReSTE.Native.Estimators;

/// <summary>
/// The numbers of <see cref="AdaSte"/>, as a preset has them: as the published code computes, or as the method's formulas say.
/// </summary>
public sealed record AdaSteSettings
{
    private AdaSteSettings()
    {
    }

    /// <summary>mu before the first epoch; positive.</summary>
    public double Mu { get; init; } = 0.01;

    /// <summary>What mu is multiplied by as every epoch begins, until it reaches 1/alpha; at least 1, which keeps mu as it is.</summary>
    public double Rate { get; init; } = 1.05;

    /// <summary>How far beyond -1 and 1 the inner cost pulls; between 0 and 1.</summary>
    public double Alpha { get; init; } = 0.01;

    /// <summary>Gradients no larger than this pass with the plain slope; not negative.</summary>
    public double DeadZone { get; init; }

    /// <summary>The largest factor of a finite difference; positive.</summary>
    public double Cap { get; init; } = 0.5;

    /// <summary>N, which multiplies the gradient twice; positive.</summary>
    public double N { get; init; } = 1;

    /// <summary>Times the latent weight is added to the gradient; not negative.</summary>
    public double Decay { get; init; } = 1;

    /// <summary>Share of the momentum that is kept from step to step; at least 0 and less than 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the sign that slipped in the published factor is kept.</summary>
    public bool Slips { get; init; }

    /// <summary>Size of the latent weights at the start, of either sign; null to start as the network does.</summary>
    public double? LatentSize { get; init; }

    /// <summary>
    /// As the method's formulas have it: no slip, no dead zone, the gradient as it is, latent weights that start as the network's do.
    /// </summary>
    public static AdaSteSettings Corrected { get; } = new();

    /// <summary>
    /// As the published code computes: a slip in the factor of positive weights, a dead zone, N the size of its training, latent weights
    /// that start at 10 or -10.
    /// </summary>
    /// <param name="trainSetSize">N: ten times the number of training images, or where it counts those, of batches.</param>
    public static AdaSteSettings Faithful(double trainSetSize) =>
        new() { Slips = true, DeadZone = 1e-3, N = trainSetSize, LatentSize = 10 };
}
