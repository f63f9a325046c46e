using System.Runtime.CompilerServices;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Slopes;

/// <summary>h = 1: the operand is not binarised. No parameters.</summary>
internal readonly struct IdentitySlope : ISlope<IdentitySlope>
{
    public static IdentitySlope Create(in SlopeParameters p) => default;

    public double Evaluate(double x) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TSimd Evaluate<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd> => TSimd.Broadcast(1);
}

public abstract partial class SlopeKind
{
    /// <summary>h = 1, no parameters: an operand that is not binarised, or the plain straight-through estimator.</summary>
    public static SlopeKind Identity { get; } = new Of<IdentitySlope>("identity", 0);
}
