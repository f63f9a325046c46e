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

    /// <summary>Whether <see cref="Begin"/> leaves less to <see cref="Finish"/>, so that two loops pay.</summary>
    static virtual bool HasHalves => false;

    /// <summary>
    /// The first half of a long chain of operations that <see cref="Finish"/> ends, bit for bit as <see cref="Evaluate{TSimd}"/> does it at
    /// once: a processor has more vectors under way in two loops over a few than in one. Static, for a method that a structure has from its
    /// interface would box it.
    /// </summary>
    static virtual TSimd Begin<TSimd>(in TSelf slope, TSimd x) where TSimd : unmanaged, ISimd<TSimd> => x;

    /// <summary>h(x), <paramref name="begun"/> being <see cref="Begin"/> of x.</summary>
    static virtual TSimd Finish<TSimd>(in TSelf slope, TSimd x, TSimd begun) where TSimd : unmanaged, ISimd<TSimd> => slope.Evaluate(x);
}
