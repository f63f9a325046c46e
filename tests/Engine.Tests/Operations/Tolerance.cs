namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>How far a value may lie from the reference's: Absolute + Relative * max |reference| over the tensor, and why.</summary>
/// <param name="Absolute">Share that does not depend on the tensor.</param>
/// <param name="Relative">Share of the tensor's largest magnitude.</param>
/// <param name="Reason">Where the numbers come from.</param>
/// <param name="IsRounding">Compares exactly with the reference rounded to the device's type, instead.</param>
internal sealed record Tolerance(double Absolute, double Relative, string Reason, bool IsRounding = false)
{
    /// <summary>Share of the largest magnitude that tensor cores may lie further away, for they take real numbers in parts.</summary>
    public double Parts { get; init; }

    /// <summary>The tolerance of a device that takes numbers in parts.</summary>
    public Tolerance OfParts => Parts == 0 ? this
        : this with { Relative = Relative + Parts, Reason = $"{Reason}; of two bf16 parts a number" };
}
