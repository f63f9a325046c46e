using ReSTE.Native.Slopes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// The sine series of FDA-BNN (Xu et al., Learning Frequency Domain Approximation for Binary Neural Networks, NeurIPS 2021, arXiv
/// 2103.00841) without its noise adaptation: the derivative of a square wave's series up to its n-th term,
/// (2 omega / pi) sin(2 (n + 1) omega x) / sin(omega x), on |x| &lt;= 1. n rises in whole steps, n = n_start + floor((n_end - n_start)
/// e/E), from 9 towards 18 as in the paper; omega, which the paper leaves open, is that of BiBench's code. Fills slots 3 (mean |w| of the
/// layer, attached) and 4, for weights and activations alike.
/// </summary>
/// <param name="omega">The wave's angular frequency: above 0 and at most 1.57, so that the wave does not turn within |x| &lt;= 1.</param>
/// <param name="nStart">n in the first epoch: 0 to 100.</param>
/// <param name="nEnd">Where n would be after the last: 0 to 100.</param>
/// <exception cref="ArgumentOutOfRangeException">One of them is outside its range.</exception>
public sealed class Fda(double omega = 0.1, int nStart = 9, int nEnd = 18) : Estimator
{
    /// <summary>The largest omega, and the largest n: with both the sines' arguments stay where single precision serves.</summary>
    internal const double MostOmega = 1.57;

    /// <inheritdoc cref="MostOmega"/>
    internal const int MostTerms = 100;

    private readonly double _omega = Domain.UpTo(MostOmega, omega, nameof(omega));
    private readonly int _nStart = Whole(nStart, nameof(nStart)), _nEnd = Whole(nEnd, nameof(nEnd));

    /// <inheritdoc/>
    public override string Name => "FDA";

    /// <inheritdoc/>
    public override SlopeKind WeightSlope => SlopeKind.Fourier;

    /// <inheritdoc/>
    public override SlopeKind ActivationSlope => SlopeKind.Fourier;

    /// <inheritdoc/>
    public override SlopeParameters WeightParameters(int epoch, int epochs) =>
        new(_omega, _nStart + Math.Floor((_nEnd - _nStart) * (double)epoch / epochs), 0, 0);

    private static int Whole(int value, string name) => value is >= 0 and <= MostTerms ? value
        : throw new ArgumentOutOfRangeException(name, value, $"it must be a whole number from 0 to {MostTerms}");
}
