using ReSTE.Native.Simd;

namespace ReSTE.Native.Slopes;

/// <summary>A pointwise slope: the scalar form in double is its definition, the vector form its speed.</summary>
/// <typeparam name="TSelf">The slope's own type.</typeparam>
internal interface ISlope<TSelf> where TSelf : unmanaged, ISlope<TSelf>
{
    /// <summary>Takes the parameters apart once, before a loop.</summary>
    static abstract TSelf Create(in SlopeParameters p);

    /// <summary>h(x) in double; NaN gives 0 where the slope depends on x at all.</summary>
    double Evaluate(double x);

    /// <summary>h(x) in single, a vector at a time.</summary>
    TSimd Evaluate<TSimd>(TSimd x) where TSimd : unmanaged, ISimd<TSimd>;
}
