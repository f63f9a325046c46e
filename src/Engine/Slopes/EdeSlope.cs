using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Slopes;

/// <summary>
/// Slope of IR-Net's error decay estimator (Qin et al., CVPR 2020, arXiv 1909.10788): k t (1 - tanh^2(t x)), the derivative of
/// k tanh(t x). Parameters: k, t.
/// </summary>
internal readonly struct EdeSlope : ISlope<EdeSlope>
{
    private readonly double _t, _height;
    private readonly float _tSingle, _heightSingle;

    private EdeSlope(in SlopeParameters p)
    {
        (_t, _height) = (p.P1, p.P0 * p.P1);
        (_tSingle, _heightSingle) = ((float)_t, (float)_height);
    }

    public static EdeSlope Create(in SlopeParameters p) => new(p);

    // 1 - tanh^2 = 1 / cosh^2, which keeps its digits far out.
    public double Evaluate(double x)
    {
        double cosh = Math.Cosh(_t * x);
        return double.IsNaN(x) ? 0 : _height / (cosh * cosh);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSimd Evaluate<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd> =>
        TSimd.Broadcast(_heightSingle) * Tanh.Derivative(x * TSimd.Broadcast(_tSingle));
}

public abstract partial class SlopeKind
{
    /// <summary>The derivative of k tanh(t x); parameters k, t.</summary>
    public static SlopeKind Ede { get; } = new Of<EdeSlope>("ede", 5);
}
