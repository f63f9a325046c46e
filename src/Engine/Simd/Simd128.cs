using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ReSTE.Native.Simd;

/// <summary>Four singles: Neon, SSE, or what else has 128 bits. It uses nothing that is of one processor alone.</summary>
internal readonly unsafe struct Simd128(Vector128<float> value) : ISimd<Simd128>
{
    private readonly Vector128<float> _value = value;

    public static int Width => 4;

    public static Simd128 Zero => new(Vector128<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Load(float* p) => new(Vector128.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* p) => _value.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 LoadBytes(byte* p)
    {
        Vector128<byte> bytes = Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(p)).AsByte();
        return new(Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreBytes(byte* p)
    {
        Vector128<int> whole = Vector128.ConvertToInt32(_value);
        Vector128<short> words = Vector128.Narrow(whole, whole);
        Unsafe.WriteUnaligned(p, Vector128.Narrow(words, words).AsUInt32().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 LoadShorts(short* p)
    {
        Vector128<short> shorts = Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(p)).AsInt16();
        return new(Vector128.ConvertToSingle(Vector128.WidenLower(shorts)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTo(double* target)
    {
        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(_value);
        (Vector128.Load(target) + low).Store(target);
        (Vector128.Load(target + 2) + high).Store(target + 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator +(Simd128 a, Simd128 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator -(Simd128 a, Simd128 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator *(Simd128 a, Simd128 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator /(Simd128 a, Simd128 b) => new(a._value / b._value);

    // Not FusedMultiplyAdd: a processor without the instruction, as those with nothing wider may be, would do it in software, lane by lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 MultiplyAdd(Simd128 a, Simd128 b, Simd128 c) => new(Vector128.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 MultiplyAddOnce(Simd128 a, Simd128 b, Simd128 c)
    {
        if (Fma.IsSupported || AdvSimd.IsSupported)
            return new(Vector128.FusedMultiplyAdd(a._value, b._value, c._value));
        (Vector128<double> aLow, Vector128<double> aHigh) = Vector128.Widen(a._value);
        (Vector128<double> bLow, Vector128<double> bHigh) = Vector128.Widen(b._value);
        (Vector128<double> cLow, Vector128<double> cHigh) = Vector128.Widen(c._value);
        return new(Vector128.Narrow(aLow * bLow + cLow, aHigh * bHigh + cHigh));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Abs(Simd128 a) => new(Vector128.Abs(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Sqrt(Simd128 a) => new(Vector128.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Max(Simd128 a, Simd128 b) => new(Vector128.MaxNative(b._value, a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 SplitLog(Simd128 a, out Simd128 exponent, out Simd128 log)
    {
        Vector128<int> bits = a._value.AsInt32(), above = bits - Vector128.Create(SplitBits.Least), whole = above >> SplitBits.Fraction;
        Vector128<int> index = above >> (SplitBits.Fraction - SplitBits.Index), fraction = bits - (whole << SplitBits.Fraction);
        (exponent, log) = (new Simd128(Vector128.ConvertToSingle(whole)), new Simd128(LookUp(SplitBits.Log, index)));
        // The products of two halves of the fraction with a number of eight bits are exact, so that this rounds once, as one instruction.
        Vector128<float> inverse = LookUp(SplitBits.Inverse, index), upper = (fraction & Vector128.Create(~0xFFF)).AsSingle();
        return new Simd128(upper * inverse - Vector128<float>.One + (fraction.AsSingle() - upper) * inverse);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 PowerOfTwo(Simd128 x, out Simd128 rest)
    {
        Vector128<float> sixteenths = Vector128.Create(SplitBits.Sixteenths), shifted = x._value + sixteenths;
        rest = new Simd128(x._value - (shifted - sixteenths));
        Vector128<int> bits = shifted.AsInt32();
        Vector128<int> power = LookUp(SplitBits.Power, bits).AsInt32() + ((bits >> SplitBits.Index) << SplitBits.Fraction);
        return new Simd128(power.AsSingle());
    }

    // The lowest four bits of a lane choose one of sixteen entries.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> LookUp(ReadOnlySpan<float> table, Vector128<int> index)
    {
        ref float first = ref MemoryMarshal.GetReference(table);
        Vector128<int> at = index & Vector128.Create(15);
        return Vector128.Create(Unsafe.Add(ref first, at[0]), Unsafe.Add(ref first, at[1]), Unsafe.Add(ref first, at[2]),
            Unsafe.Add(ref first, at[3]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Scale(Simd128 a, Simd128 n) =>
        new((a._value.AsInt32() + (Vector128.ConvertToInt32Native(n._value) << SplitBits.Fraction)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Round(Simd128 a) => new(Vector128.Round(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 SelectLessOrEqual(Simd128 x, Simd128 bound, Simd128 a, Simd128 b) =>
        new(Vector128.ConditionalSelect(Vector128.LessThanOrEqual(x._value, bound._value), a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 SelectGreater(Simd128 x, Simd128 bound, Simd128 a, Simd128 b) =>
        new(Vector128.ConditionalSelect(Vector128.GreaterThan(x._value, bound._value), a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 SelectLess(Simd128 x, Simd128 bound, Simd128 a, Simd128 b) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(x._value, bound._value), a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint NegativeMask() => Vector128.LessThan(_value, Vector128<float>.Zero).ExtractMostSignificantBits();
}
