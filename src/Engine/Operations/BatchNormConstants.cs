namespace ReSTE.Native.Operations;

/// <summary>The two constants of batch norm, PyTorch's defaults.</summary>
internal static class BatchNormConstants
{
    /// <summary>Added to the variance.</summary>
    public const double Epsilon = 1e-5;

    /// <summary>Share of the new value in a running statistic.</summary>
    public const double Momentum = 0.1;
}
