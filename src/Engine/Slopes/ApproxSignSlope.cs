using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Slopes;

/// <summary>
/// Slope of ApproxSign (Liu et al., Bi-Real Net, ECCV 2018, arXiv 1808.00278, section 3.3): 2 - 2 |x| on |x| &lt;= 1, else 0, the
/// derivative of a piecewise quadratic that runs from -1 to 1. No parameters.
/// </summary>
internal readonly struct ApproxSignSlope : ISlope<ApproxSignSlope>
{
    public static ApproxSignSlope Create(in SlopeParameters p) => default;

    public double Evaluate(double x) => Math.Abs(x) <= 1 ? 2 - 2 * Math.Abs(x) : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSimd Evaluate<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd a = TSimd.Abs(x), two = TSimd.Broadcast(2);
        return TSimd.SelectLessOrEqual(a, TSimd.Broadcast(1), two - two * a, TSimd.Zero);
    }
}

public abstract partial class SlopeKind
{
    /// <summary>h = 2 - 2 |x| on |x| &lt;= 1, else 0; no parameters.</summary>
    public static SlopeKind ApproxSign { get; } = new Of<ApproxSignSlope>("approx_sign", 3);
}
