namespace ReSTE.Native.Operations;

/// <summary>The numbers of a batch norm that are fixed when a network is written.</summary>
/// <param name="Momentum">Share of the new value in a running statistic, as PyTorch counts it.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Affine">Whether it owns a factor and an offset a channel, gamma and beta, which are trained.</param>
public readonly record struct BatchNormSettings(double Momentum, double Epsilon, bool Affine)
{
    /// <summary>PyTorch's defaults: momentum 0.1, epsilon 1e-5, affine.</summary>
    public static BatchNormSettings Default { get; } = new(0.1, 1e-5, true);
}
