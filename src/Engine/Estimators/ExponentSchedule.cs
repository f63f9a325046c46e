namespace ReSTE.Native.Estimators;

/// <summary>
/// ReSTE's exponent o over a run: o(e) = 1 + (1 - cos(pi/2 e/E)) (end - 1), rising from 1 and never quite reaching its end.
/// Each operation is rounded to float32, as the published loop does it on a float32 tensor.
/// </summary>
internal sealed class ExponentSchedule
{
    private readonly float _rise;

    /// <summary>Fixes the end value and the length of the run.</summary>
    /// <param name="end">The value o approaches; finite.</param>
    /// <param name="epochs">Epochs of the whole run, at least 1.</param>
    public ExponentSchedule(double end, int epochs)
    {
        if (!double.IsFinite(end))
            throw new ArgumentOutOfRangeException(nameof(end), end, "the exponent's end must be finite");
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        _rise = (float)(end - 1);
        Epochs = epochs;
    }

    /// <summary>Epochs of the whole run.</summary>
    public int Epochs { get; }

    /// <summary>o in an epoch, for weights and activations alike.</summary>
    /// <param name="epoch">From 0 to <see cref="Epochs"/> - 1.</param>
    public float Exponent(int epoch)
    {
        if ((uint)epoch >= (uint)Epochs)
            throw new ArgumentOutOfRangeException(nameof(epoch), epoch, $"the schedule has epochs 0 to {Epochs - 1}");
        float angle = (float)((double)epoch / Epochs) * MathF.PI * 0.5f;
        // The double cosine, rounded, is the same on every platform; single-precision libraries differ in the last bit.
        float beta = 1f - (float)Math.Cos(angle);
        return 1f + beta * _rise;
    }
}
