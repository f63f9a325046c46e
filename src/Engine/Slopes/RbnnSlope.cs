using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Slopes;

/// <summary>
/// Slope of RBNN (Lin et al., Rotated Binary Neural Network, NeurIPS 2020, arXiv 2009.13055):
/// max(0, k (sqrt(2) t - t^2 |x|)), a tent that ends at |x| = sqrt(2) / t. Parameters: k, t.
/// </summary>
internal readonly struct RbnnSlope : ISlope<RbnnSlope>
{
    private readonly double _height, _fall;
    private readonly float _heightSingle, _fallSingle;

    private RbnnSlope(in SlopeParameters p)
    {
        (_height, _fall) = (p.P0 * p.P1 * Math.Sqrt(2), p.P0 * p.P1 * p.P1);
        (_heightSingle, _fallSingle) = ((float)_height, (float)_fall);
    }

    public static RbnnSlope Create(in SlopeParameters p) => new(p);

    public double Evaluate(double x)
    {
        double tent = _height - _fall * Math.Abs(x);
        return tent > 0 ? tent : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSimd Evaluate<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd tent = TSimd.MultiplyAdd(TSimd.Abs(x), TSimd.Broadcast(-_fallSingle), TSimd.Broadcast(_heightSingle));
        return TSimd.SelectGreater(tent, TSimd.Zero, tent, TSimd.Zero);
    }
}

public abstract partial class SlopeKind
{
    /// <summary>h = max(0, k (sqrt(2) t - t^2 |x|)); parameters k, t.</summary>
    public static SlopeKind Rbnn { get; } = new Of<RbnnSlope>("rbnn", 7);
}
