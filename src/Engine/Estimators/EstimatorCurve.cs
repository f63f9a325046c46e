namespace ReSTE.Native.Estimators;

/// <summary>What stands for the sign of one operand in one epoch, as it can be drawn: a pointwise function and its slope.</summary>
/// <param name="Operand">Weights or activations, and whatever else the curve holds for.</param>
/// <param name="Slope">What a gradient is multiplied by where the operand has a value.</param>
public sealed record EstimatorCurve(string Operand, Func<double, double> Slope)
{
    /// <summary>The function itself; null where it is the integral of the slope from 0.</summary>
    public Func<double, double>? Forward { get; init; }

    /// <summary>What the slope is, where it is not the function's derivative.</summary>
    public string SlopeName { get; init; } = "slope";
}
