using ReSTE.Native.Slopes;

namespace ReSTE.Native.Estimators;

/// <summary>
/// The schedule of IR-Net's error decay estimator (Qin et al., CVPR 2020, eqs. 11 and 12), which RBNN's slope of weights shares:
/// t = t_min (t_max / t_min)^(e/E), k = max(1 / t, 1).
/// </summary>
/// <param name="TMin">t at the start; positive.</param>
/// <param name="TMax">t that is not quite reached; positive.</param>
internal readonly record struct ErrorDecay(double TMin, double TMax)
{
    /// <summary>Parameters of <see cref="SlopeKind.Ede"/>, or <see cref="SlopeKind.Rbnn"/>, in an epoch (from 0) of a run: k, t.</summary>
    public SlopeParameters At(int epoch, int epochs)
    {
        double t = GeometricSchedule.At(TMin, TMax, epoch, epochs);
        return new SlopeParameters(Math.Max(1 / t, 1), t, 0, 0);
    }
}
