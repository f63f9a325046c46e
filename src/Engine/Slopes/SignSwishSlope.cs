using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Slopes;

/// <summary>
/// Slope of SignSwish (Darabi et al., BNN+, arXiv 1812.11800): the derivative of 2 s (1 + y (1 - s)) - 1 with y = beta x and s the
/// logistic function of y. Published as beta (2 - y tanh(y/2)) / (1 + cosh y), which overflows; here with 1 + cosh y = 2 cosh^2(y/2).
/// Below zero beyond |x| = 2.4 / beta. Parameter: beta.
/// </summary>
internal readonly struct SignSwishSlope : ISlope<SignSwishSlope>
{
    // Beyond it the slope, below 1e-35 beta, counts as 0 in single precision, and in double at DoubleFar.
    private const float Far = 86;
    private const double DoubleFar = 700;

    private readonly double _beta;
    private readonly float _betaSingle;

    private SignSwishSlope(in SlopeParameters p) => (_beta, _betaSingle) = (p.P0, (float)p.P0);

    public static SignSwishSlope Create(in SlopeParameters p) => new(p);

    public double Evaluate(double x)
    {
        double y = Math.Abs(_beta * x), cosh = Math.Cosh(y / 2);
        return y <= DoubleFar ? _beta / 2 * (2 - y * Math.Tanh(y / 2)) / (cosh * cosh) : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSimd Evaluate<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd half = TSimd.Abs(x) * TSimd.Broadcast(_betaSingle / 2), tanh = Tanh.OfMagnitude(half, out TSimd derivative);
        TSimd bent = TSimd.Broadcast(_betaSingle) * (TSimd.Broadcast(1) - half * tanh) * derivative;
        return TSimd.SelectLessOrEqual(half, TSimd.Broadcast(Far / 2), bent, TSimd.Zero);
    }
}

public abstract partial class SlopeKind
{
    /// <summary>The derivative of SignSwish; parameter beta.</summary>
    public static SlopeKind SignSwish { get; } = new Of<SignSwishSlope>("sign_swish", 4);
}
