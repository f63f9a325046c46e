using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReSTE.Native.Simd;

/// <summary>A vector of doubles of one width. Every width gives the same bits where what it multiplies are singles.</summary>
/// <typeparam name="TSelf">The vector type.</typeparam>
internal unsafe interface IDoubles<TSelf> where TSelf : unmanaged, IDoubles<TSelf>
{
    /// <summary>Lanes.</summary>
    static abstract int Width { get; }

    static abstract TSelf Load(double* p);

    /// <summary>Singles as the numbers they are.</summary>
    static abstract TSelf Load(float* p);

    static abstract TSelf Broadcast(double value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>a b + c, of a product that is exact: fused or not it is rounded once.</summary>
    static abstract TSelf AddExact(TSelf a, TSelf b, TSelf c);

    /// <summary>max(z, floor) - mean in single.</summary>
    static abstract TSelf LoadCentred(float* z, float floor, float* mean);

    /// <summary>Rounds to singles.</summary>
    void Store(float* p);

    /// <summary>Rounds to singles, and adds others to these.</summary>
    void StoreSum(float* added, float* p);
}

/// <summary>Eight doubles.</summary>
internal readonly unsafe struct Doubles512(Vector512<double> value) : IDoubles<Doubles512>
{
    private readonly Vector512<double> _value = value;

    public static int Width => Vector512<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 Load(double* p) => new(Vector512.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 Load(float* p) => Widen(Vector256.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Doubles512 Widen(Vector256<float> singles)
    {
        if (Avx512F.IsSupported)
            return new(Avx512F.ConvertToVector512Double(singles));
        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(singles);
        return new(Vector512.Create(low, high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 Broadcast(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 operator +(Doubles512 a, Doubles512 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 operator /(Doubles512 a, Doubles512 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 AddExact(Doubles512 a, Doubles512 b, Doubles512 c) =>
        new(Vector512.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles512 LoadCentred(float* z, float floor, float* mean)
    {
        Vector256<float> centred = Vector256.Max(Vector256.Load(z), Vector256.Create(floor)) - Vector256.Load(mean);
        return Widen(centred);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* p) => Singles.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreSum(float* added, float* p) => (Singles + Vector256.Load(added)).Store(p);

    private Vector256<float> Singles
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512F.IsSupported
            ? Avx512F.ConvertToVector256Single(_value)
            : Vector256.Narrow(_value.GetLower(), _value.GetUpper());
    }
}

/// <summary>Four doubles; two times two where the hardware has no more.</summary>
internal readonly unsafe struct Doubles256(Vector256<double> value) : IDoubles<Doubles256>
{
    private readonly Vector256<double> _value = value;

    public static int Width => Vector256<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 Load(double* p) => new(Vector256.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 Load(float* p)
    {
        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(Vector128.Load(p));
        return new(Vector256.Create(low, high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 Broadcast(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 operator +(Doubles256 a, Doubles256 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 operator /(Doubles256 a, Doubles256 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 AddExact(Doubles256 a, Doubles256 b, Doubles256 c) =>
        new(Vector256.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Doubles256 LoadCentred(float* z, float floor, float* mean)
    {
        Vector128<float> centred = Vector128.Max(Vector128.Load(z), Vector128.Create(floor)) - Vector128.Load(mean);
        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(centred);
        return new(Vector256.Create(low, high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* p) => Singles.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreSum(float* added, float* p) => (Singles + Vector128.Load(added)).Store(p);

    private Vector128<float> Singles
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx.IsSupported ? Avx.ConvertToVector128Single(_value) : Vector128.Narrow(_value.GetLower(), _value.GetUpper());
    }
}
