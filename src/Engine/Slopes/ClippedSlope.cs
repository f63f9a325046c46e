using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Slopes;

/// <summary>Slope of the clipped straight-through estimator: 1 on |x| &lt;= 1, else 0. No parameters.</summary>
internal readonly struct ClippedSlope : ISlope<ClippedSlope>
{
    public static ClippedSlope Create(in SlopeParameters p) => default;

    public double Evaluate(double x) => Math.Abs(x) <= 1 ? 1 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSimd Evaluate<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd>
    {
        TSimd one = TSimd.Broadcast(1);
        return TSimd.SelectLessOrEqual(TSimd.Abs(x), one, one, TSimd.Zero);
    }
}

public abstract partial class SlopeKind
{
    /// <summary>h = 1 on |x| &lt;= 1, else 0; no parameters.</summary>
    public static SlopeKind Clipped { get; } = new Of<ClippedSlope>("clipped", 1);
}
