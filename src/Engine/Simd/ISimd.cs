namespace ReSTE.Native.Simd;

/// <summary>A vector of singles of one width, so that a kernel is written once for AVX-512, AVX2, 128 bits and plain scalars.</summary>
/// <typeparam name="TSelf">The vector type.</typeparam>
internal unsafe interface ISimd<TSelf> where TSelf : unmanaged, ISimd<TSelf>
{
    /// <summary>Lanes.</summary>
    static abstract int Width { get; }

    /// <summary>All lanes zero.</summary>
    static abstract TSelf Zero { get; }

    static abstract TSelf Load(float* p);

    static abstract TSelf Broadcast(float value);

    void Store(float* p);

    /// <summary>Bytes as the numbers they are.</summary>
    static abstract TSelf LoadBytes(byte* p);

    /// <summary>Lanes that hold whole numbers from 0 to 255, as bytes.</summary>
    void StoreBytes(byte* p);

    /// <summary>Integers of 16 bits as the numbers they are.</summary>
    static abstract TSelf LoadShorts(short* p);

    /// <summary>target[i] += the lane i, added in double.</summary>
    void AddTo(double* target);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>a * b + c, fused where the hardware can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>
    /// a * b + c for what signs hang on: rounded once, or where the hardware does not fuse computed in double and then rounded, which is
    /// the same but for one case in 2^29.
    /// </summary>
    static abstract TSelf MultiplyAddOnce(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Abs(TSelf a);

    static abstract TSelf Sqrt(TSelf a);

    /// <summary>The larger of each lane; a NaN in a stays.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>
    /// Takes positive normal numbers apart: a = 2^(exponent + log) (1 + rest), the exponent whole, the logarithm from -0.05 to 0.96 and the
    /// rest at most 1/32 in size.
    /// </summary>
    static abstract TSelf SplitLog(TSelf a, out TSelf exponent, out TSelf log);

    /// <summary>2^(x - rest) for x of at most 125 in size, x - rest being its nearest sixteenth.</summary>
    static abstract TSelf PowerOfTwo(TSelf x, out TSelf rest);

    /// <summary>a * 2^n for whole n that keep the result normal.</summary>
    static abstract TSelf Scale(TSelf a, TSelf n);

    /// <summary>The nearest whole number.</summary>
    static abstract TSelf Round(TSelf a);

    /// <summary>a where x &lt;= bound, else b; a NaN takes b.</summary>
    static abstract TSelf SelectLessOrEqual(TSelf x, TSelf bound, TSelf a, TSelf b);

    /// <summary>a where x &lt; bound, else b; a NaN takes b.</summary>
    static abstract TSelf SelectLess(TSelf x, TSelf bound, TSelf a, TSelf b);

    /// <summary>One bit a lane, set where it is below zero.</summary>
    uint NegativeMask();

    /// <summary>a where x &gt; bound, else b; a NaN takes b.</summary>
    static abstract TSelf SelectGreater(TSelf x, TSelf bound, TSelf a, TSelf b);
}
