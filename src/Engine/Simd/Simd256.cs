using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReSTE.Native.Simd;

/// <summary>Eight singles: AVX2.</summary>
internal readonly unsafe struct Simd256(Vector256<float> value) : ISimd<Simd256>
{
    private readonly Vector256<float> _value = value;

    /// <summary>The register, for instructions that exist at this width only.</summary>
    public Vector256<float> Value => _value;

    public static int Width => 8;

    public static Simd256 Zero => new(Vector256<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Load(float* p) => new(Vector256.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* p) => _value.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 LoadBytes(byte* p)
    {
        var (low, high) = Vector128.Widen(Vector128.WidenLower(Vector64.Load(p).ToVector128Unsafe()));
        return new(Vector256.ConvertToSingle(Vector256.Create(low, high).AsInt32()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreBytes(byte* p)
    {
        Vector256<int> whole = Vector256.ConvertToInt32(_value);
        Vector128<short> words = Vector128.Narrow(whole.GetLower(), whole.GetUpper());
        Vector64.Narrow(words.GetLower(), words.GetUpper()).AsByte().Store(p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 LoadShorts(short* p)
    {
        (Vector128<int> low, Vector128<int> high) = Vector128.Widen(Vector128.Load(p));
        return new(Vector256.ConvertToSingle(Vector256.Create(low, high)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo(double* target)
    {
        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(_value);
        (Vector256.Load(target) + low).Store(target);
        (Vector256.Load(target + 4) + high).Store(target + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator +(Simd256 a, Simd256 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator -(Simd256 a, Simd256 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator *(Simd256 a, Simd256 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator /(Simd256 a, Simd256 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 MultiplyAdd(Simd256 a, Simd256 b, Simd256 c) => new(Vector256.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 MultiplyAddOnce(Simd256 a, Simd256 b, Simd256 c) => MultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Abs(Simd256 a) => new(Vector256.Abs(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Sqrt(Simd256 a) => new(Vector256.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Max(Simd256 a, Simd256 b) => new(Vector256.MaxNative(b._value, a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 SplitLog(Simd256 a, out Simd256 exponent, out Simd256 log)
    {
        Vector256<int> bits = a._value.AsInt32(), above = bits - Vector256.Create(SplitBits.Least), whole = above >> SplitBits.Fraction;
        Vector256<int> index = above >> (SplitBits.Fraction - SplitBits.Index), fraction = bits - (whole << SplitBits.Fraction);
        (exponent, log) = (new Simd256(Vector256.ConvertToSingle(whole)), new Simd256(LookUp(SplitBits.Log, index)));
        return new Simd256(Vector256.FusedMultiplyAdd(fraction.AsSingle(), LookUp(SplitBits.Inverse, index), -Vector256<float>.One));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 PowerOfTwo(Simd256 x, out Simd256 rest)
    {
        Vector256<float> sixteenths = Vector256.Create(SplitBits.Sixteenths), shifted = x._value + sixteenths;
        rest = new Simd256(x._value - (shifted - sixteenths));
        Vector256<int> bits = shifted.AsInt32();
        Vector256<int> power = LookUp(SplitBits.Power, bits).AsInt32() + ((bits >> SplitBits.Index) << SplitBits.Fraction);
        return new Simd256(power.AsSingle());
    }

    // Eight entries a permute; where there is none, a lane at a time. Bit 3 of the index chooses the half.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> LookUp(ReadOnlySpan<float> table, Vector256<int> index)
    {
        Vector256<float> low = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(table));
        Vector256<float> high = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(table), 8);
        Vector256<int> lanes = index & Vector256.Create(7);
        return Vector256.ConditionalSelect((index << 28 >> 31).AsSingle(), Vector256.Shuffle(high, lanes), Vector256.Shuffle(low, lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Scale(Simd256 a, Simd256 n) =>
        new((a._value.AsInt32() + (Vector256.ConvertToInt32Native(n._value) << SplitBits.Fraction)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Round(Simd256 a) => new(Vector256.Round(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 SelectLessOrEqual(Simd256 x, Simd256 bound, Simd256 a, Simd256 b) =>
        new(Vector256.ConditionalSelect(Vector256.LessThanOrEqual(x._value, bound._value), a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 SelectGreater(Simd256 x, Simd256 bound, Simd256 a, Simd256 b) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThan(x._value, bound._value), a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 SelectLess(Simd256 x, Simd256 bound, Simd256 a, Simd256 b) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(x._value, bound._value), a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint NegativeMask() => (uint)Vector256.LessThan(_value, Vector256<float>.Zero).ExtractMostSignificantBits();
}
