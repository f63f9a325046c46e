using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Slopes;

/// <summary>
/// Slope of FDA-BNN (Xu et al., Learning Frequency Domain Approximation for Binary Neural Networks, NeurIPS 2021, arXiv 2103.00841): the
/// derivative of the sine series of a square wave up to its n-th term, (4 w / pi) sum of cos((2 i + 1) w x) over i = 0 .. n, which is
/// (2 w / pi) sin(2 (n + 1) w x) / sin(w x), on |x| &lt;= 1; 0 beyond. Parameters: w (omega), below pi/2, and n.
/// </summary>
internal readonly struct FourierSlope : ISlope<FourierSlope>
{
    // Where 2 (n + 1) w |x| is below it, the ratio of the sines is its limit to 2e-9, and near 0 it is 0 / 0.
    private const double Near = 1e-4;

    private readonly double _omega, _upper, _height, _limit, _near;
    private readonly float _omegaSingle, _upperSingle, _heightSingle, _limitSingle, _nearSingle;

    private FourierSlope(in SlopeParameters p)
    {
        (_omega, _upper, _height) = (p.P0, 2 * (p.P1 + 1) * p.P0, 2 * p.P0 / Math.PI);
        (_limit, _near) = (_height * 2 * (p.P1 + 1), Near / _upper);
        (_omegaSingle, _upperSingle, _heightSingle) = ((float)_omega, (float)_upper, (float)_height);
        (_limitSingle, _nearSingle) = ((float)_limit, (float)_near);
    }

    public static FourierSlope Create(in SlopeParameters p) => new(p);

    public double Evaluate(double x)
    {
        double a = Math.Abs(x);
        if (a <= _near)
            return _limit;
        return a <= 1 ? _height * Math.Sin(_upper * a) / Math.Sin(_omega * a) : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSimd Evaluate<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd a = TSimd.Abs(x);
        TSimd upper = Trigonometry.Sin(a * TSimd.Broadcast(_upperSingle)), lower = Trigonometry.Sin(a * TSimd.Broadcast(_omegaSingle));
        TSimd inner = TSimd.SelectLessOrEqual(a, TSimd.Broadcast(1), TSimd.Broadcast(_heightSingle) * upper / lower, TSimd.Zero);
        return TSimd.SelectLessOrEqual(a, TSimd.Broadcast(_nearSingle), TSimd.Broadcast(_limitSingle), inner);
    }
}

public abstract partial class SlopeKind
{
    /// <summary>The derivative of a square wave's sine series, on |x| &lt;= 1; parameters omega, below pi/2, and n.</summary>
    public static SlopeKind Fourier { get; } = new Of<FourierSlope>("fourier", 8);
}
