using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Slopes;

/// <summary>
/// Slope of ExSTE: o e^(-o |x|) / (1 - e^(-o)) on |x| &lt;= t, the derivative of sign(x) (1 - e^(-o |x|)) / (1 - e^(-o)), 0 beyond; 1
/// on |x| &lt;= t where o goes to 0. Parameters: o, t.
/// </summary>
internal readonly struct ExsteSlope : ISlope<ExsteSlope>
{
    // Below it 1 + o/2 is the height to 1e-13, where 1 - e^(-o) has lost as many digits.
    private const double Small = 1e-6;

    private readonly double _o, _height, _limit;
    private readonly float _oSingle, _heightSingle;

    private ExsteSlope(in SlopeParameters p)
    {
        (_o, _limit) = (p.P0, (float)p.P1);
        _height = _o < Small ? 1 + _o / 2 : _o / (1 - Math.Exp(-_o));
        (_oSingle, _heightSingle) = ((float)_o, (float)_height);
    }

    public static ExsteSlope Create(in SlopeParameters p) => new(p);

    public double Evaluate(double x)
    {
        double a = Math.Abs(x);
        return a <= _limit ? _height * Math.Exp(-_o * a) : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSimd Evaluate<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd a = TSimd.Abs(x), inner = TSimd.Broadcast(_heightSingle) * Exponential.Of(a * TSimd.Broadcast(-_oSingle));
        return TSimd.SelectLessOrEqual(a, TSimd.Broadcast((float)_limit), inner, TSimd.Zero);
    }
}

public abstract partial class SlopeKind
{
    /// <summary>h = o e^(-o |x|) / (1 - e^(-o)) on |x| &lt;= t, else 0; parameters o, t.</summary>
    public static SlopeKind Exste { get; } = new Of<ExsteSlope>("exste", 9);
}
