using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Slopes;

/// <summary>
/// Slope of differentiable soft quantisation to one bit (Gong et al., ICCV 2019, arXiv 1908.05033, eqs. 3 to 8 with l = -1, u = 1):
/// s k (1 - tanh^2(k x)) on |x| &lt;= 1, the derivative of s tanh(k x), 0 beyond. Parameters: k, s.
/// </summary>
internal readonly struct DsqSlope : ISlope<DsqSlope>
{
    private readonly double _k, _height;
    private readonly float _kSingle, _heightSingle;

    private DsqSlope(in SlopeParameters p)
    {
        (_k, _height) = (p.P0, p.P0 * p.P1);
        (_kSingle, _heightSingle) = ((float)_k, (float)_height);
    }

    public static DsqSlope Create(in SlopeParameters p) => new(p);

    public double Evaluate(double x)
    {
        double cosh = Math.Cosh(_k * x);
        return Math.Abs(x) <= 1 ? _height / (cosh * cosh) : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSimd Evaluate<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd inner = TSimd.Broadcast(_heightSingle) * Tanh.Derivative(x * TSimd.Broadcast(_kSingle));
        return TSimd.SelectLessOrEqual(TSimd.Abs(x), TSimd.Broadcast(1), inner, TSimd.Zero);
    }
}

public abstract partial class SlopeKind
{
    /// <summary>The derivative of s tanh(k x) on |x| &lt;= 1, else 0; parameters k, s.</summary>
    public static SlopeKind Dsq { get; } = new Of<DsqSlope>("dsq", 6);
}
