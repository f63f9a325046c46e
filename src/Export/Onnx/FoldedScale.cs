using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Onnx;

/// <summary>
/// Counts with their scale folded into the normalisation, one of each a channel. With s above 0, a(s c) = s a'(c), where a' is the
/// activation with its bounds divided by s; so (a(s c) - mean) factor + shift = (a'(c) - mean / s) (factor s) + shift. A scale below 0
/// turns the weights over. The count itself stays what a convolution of whole numbers gives: exact.
/// </summary>
internal sealed class FoldedScale
{
    /// <summary>Folds the scale of a layer.</summary>
    /// <param name="numbers">What becomes of its counts.</param>
    /// <param name="channels">Its channels.</param>
    public FoldedScale(CountNumbers numbers, int channels)
    {
        (Norm, Bounds, TurnsOver) = (new Normalisation(new float[channels], new float[channels], new float[channels]), new float[channels],
            new bool[channels]);
        for (int o = 0; o < channels; o++)
        {
            float scale = numbers.Scale[numbers.Scale.Length == 1 ? 0 : o];
            TurnsOver[o] = scale < 0;
            Fold(o, Math.Abs(scale), numbers.Norm?.Mean[o] ?? 0, numbers.Norm?.Factor[o] ?? 1, numbers.Norm?.Shift[o] ?? 0);
        }
    }

    /// <summary>What follows the activation.</summary>
    public Normalisation Norm { get; }

    /// <summary>1 / scale: where hardtanh cuts a count, on both sides.</summary>
    public float[] Bounds { get; }

    /// <summary>Whether a channel's weights change their signs.</summary>
    public bool[] TurnsOver { get; }

    private void Fold(int o, float scale, float mean, float factor, float shift)
    {
        float bound = 1 / scale, moved = mean / scale;
        // A scale of zero, or so near to it that no count is seen: a constant.
        if (!float.IsFinite(bound) || !float.IsFinite(moved))
        {
            (Bounds[o], Norm.Shift[o]) = (1, (float)(shift - (double)mean * factor));
            return;
        }

        (Bounds[o], Norm.Mean[o], Norm.Factor[o], Norm.Shift[o]) = (bound, moved, factor * scale, shift);
    }
}
