using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReSTE.Native.Simd;

/// <summary>Sixteen singles: AVX-512.</summary>
internal readonly unsafe struct Simd512(Vector512<float> value) : ISimd<Simd512>
{
    private readonly Vector512<float> _value = value;

    /// <summary>The register, for instructions that exist at this width only.</summary>
    public Vector512<float> Value => _value;

    public static int Width => 16;

    public static Simd512 Zero => new(Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Load(float* p) => new(Vector512.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* p) => _value.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 LoadBytes(byte* p)
    {
        var (low, high) = Vector256.Widen(Vector256.WidenLower(Vector128.Load(p).ToVector256Unsafe()));
        return new(Vector512.ConvertToSingle(Vector512.Create(low, high).AsInt32()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreBytes(byte* p)
    {
        Vector512<int> whole = Vector512.ConvertToInt32(_value);
        Vector256<short> words = Vector256.Narrow(whole.GetLower(), whole.GetUpper());
        Vector128.Narrow(words.GetLower(), words.GetUpper()).AsByte().Store(p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 LoadShorts(short* p) =>
        new(Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector256.Load(p))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo(double* target)
    {
        (Vector512<double> low, Vector512<double> high) = Vector512.Widen(_value);
        (Vector512.Load(target) + low).Store(target);
        (Vector512.Load(target + 8) + high).Store(target + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator +(Simd512 a, Simd512 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator -(Simd512 a, Simd512 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator *(Simd512 a, Simd512 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator /(Simd512 a, Simd512 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 MultiplyAdd(Simd512 a, Simd512 b, Simd512 c) => new(Vector512.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 MultiplyAddOnce(Simd512 a, Simd512 b, Simd512 c) => MultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Abs(Simd512 a) => new(Vector512.Abs(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Sqrt(Simd512 a) => new(Vector512.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Max(Simd512 a, Simd512 b) => new(Vector512.MaxNative(b._value, a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 SplitLog(Simd512 a, out Simd512 exponent, out Simd512 log)
    {
        Vector512<int> bits = a._value.AsInt32(), above = bits - Vector512.Create(SplitBits.Least), whole = above >> SplitBits.Fraction;
        Vector512<int> index = above >> (SplitBits.Fraction - SplitBits.Index), fraction = bits - (whole << SplitBits.Fraction);
        (exponent, log) = (new Simd512(Vector512.ConvertToSingle(whole)), new Simd512(LookUp(SplitBits.Log, index)));
        return new Simd512(Vector512.FusedMultiplyAdd(fraction.AsSingle(), LookUp(SplitBits.Inverse, index), -Vector512<float>.One));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 PowerOfTwo(Simd512 x, out Simd512 rest)
    {
        Vector512<float> sixteenths = Vector512.Create(SplitBits.Sixteenths), shifted = x._value + sixteenths;
        rest = new Simd512(x._value - (shifted - sixteenths));
        Vector512<int> bits = shifted.AsInt32();
        Vector512<int> power = LookUp(SplitBits.Power, bits).AsInt32() + ((bits >> SplitBits.Index) << SplitBits.Fraction);
        return new Simd512(power.AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> LookUp(ReadOnlySpan<float> table, Vector512<int> index) =>
        Avx512F.PermuteVar16x32(Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(table)), index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Scale(Simd512 a, Simd512 n) =>
        new((a._value.AsInt32() + (Vector512.ConvertToInt32Native(n._value) << SplitBits.Fraction)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Round(Simd512 a) => new(Vector512.Round(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 SelectLessOrEqual(Simd512 x, Simd512 bound, Simd512 a, Simd512 b) =>
        new(Vector512.ConditionalSelect(Vector512.LessThanOrEqual(x._value, bound._value), a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 SelectGreater(Simd512 x, Simd512 bound, Simd512 a, Simd512 b) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(x._value, bound._value), a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 SelectLess(Simd512 x, Simd512 bound, Simd512 a, Simd512 b) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(x._value, bound._value), a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint NegativeMask() => (uint)Vector512.LessThan(_value, Vector512<float>.Zero).ExtractMostSignificantBits();
}
